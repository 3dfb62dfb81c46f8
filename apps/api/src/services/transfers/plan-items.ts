import type { AttachmentSnapshot, JsonObject } from '@espejo/core';
import type { AttachmentRecord, NewTransferItem } from '@espejo/db';
import type { ChunkingStrategy } from '@espejo/retrieval';
import { readChunking } from '../attachments/attachment-fields.ts';
import { toAttributes } from '../attachments/to-attributes.ts';

/** The files of a mirror that can be adopted, in the order of the listing; the others with the reason. Pure. */
export function planAdoption(
  attachments: readonly AttachmentSnapshot[],
  known: { readonly filenames: ReadonlyMap<string, string>; readonly ghosts: ReadonlySet<string> },
): NewTransferItem[] {
  return attachments.map((attachment) => ({
    sourceFileId: attachment.fileId,
    filename: known.filenames.get(attachment.fileId) ?? attachment.fileId,
    attributes: toAttributes(attachment.attributes),
    ...toChunking(attachment.chunkingStrategy),
    ...(known.ghosts.has(attachment.fileId) ? GHOST : stateOf(attachment.status)),
  }));
}

const GHOST = {
  state: 'skipped',
  reason: 'A ghost: the store still lists it, but the project does not have the file any more.',
} as const;

/** The files of a primary store that can be published, in the order they were attached. Pure. */
export function planPublication(attachments: readonly AttachmentRecord[]): NewTransferItem[] {
  return attachments.map((attachment) => ({
    sourceFileId: attachment.fileId,
    filename: attachment.filename ?? attachment.fileId,
    attributes: toAttributes(attachment.attributes),
    ...toChunking(attachment.chunkingStrategy),
    ...stateOf(attachment.status),
  }));
}

function stateOf(status: string): Pick<NewTransferItem, 'state' | 'reason'> {
  if (status === 'completed') return { state: 'pending', reason: null };
  return { state: 'skipped', reason: `It is ${status.replaceAll('_', ' ')} in the store it would be copied from.` };
}

/** The chunking strategy of a file; an unknown one (`other`) is auto. */
function toChunking(given: JsonObject | null): ChunkingStrategy {
  const fields = given?.static;
  if (typeof fields !== 'object' || fields === null) return readChunking(null);
  const [maxTokens, overlapTokens] = ['max_chunk_size_tokens', 'chunk_overlap_tokens'].map((key) =>
    Number(Reflect.get(fields, key)),
  );
  try {
    return readChunking({ maxTokens: maxTokens ?? Number.NaN, overlapTokens: overlapTokens ?? Number.NaN });
  } catch {
    return readChunking(null);
  }
}
