import { AppError, type FileSnapshot } from '@espejo/core';
import type { FileRecord, TransferItemRecord } from '@espejo/db';
import { UpstreamRefused } from '@espejo/upstream';
import type { TransferWorkContext } from '../../context/app-context.ts';
import type { KeyedMutex } from '../../keyed-mutex.ts';
import { type TransferSession, updateItem } from '../transfer-session.ts';
import { classifyAttachError } from './classify-attachment.ts';
import { findUploadedFile } from './find-uploaded-file.ts';
import { toPublishedAttributes, toPublishedName } from './published-name.ts';

/** Size of one part: far below OpenAI's 64 MiB, as a few of them are in memory at a time. */
const PART_BYTES = 16 * 2 ** 20;

export interface PublishTarget {
  readonly storeId: string;
  /** Locks by name: files of one name are created one after the other, so that a lost answer can be matched. */
  readonly nameGate: KeyedMutex;
  /** The project's files, listed once for every search for a lost answer. */
  readonly listFiles: () => Promise<readonly FileSnapshot[]>;
}

/**
 * Publishes one file into the store upstream, from its recorded state. The upload is recorded before the first byte is
 * sent, and its parts before they are completed: after a kill at any point, the next attempt finds the file or proves
 * that there is none. A file that upstream does not find yet stays `uploaded` and is retried later; one that it rejects
 * is taken back.
 */
export async function publishFile(
  deps: TransferWorkContext,
  session: TransferSession,
  target: PublishTarget,
  item: TransferItemRecord,
): Promise<void> {
  const file = await sourceOf(deps, session, item);
  const fileId =
    item.targetFileId ??
    (await target.nameGate.run(file.filename, () => upload(deps, session, target, { item, file })));
  const { maxTokens, overlapTokens } = item;
  const attributes = toPublishedAttributes(item.attributes, { own: item.filename, published: file.filename });
  try {
    await deps.publisherFor(session.connection).attachFile(
      target.storeId,
      {
        fileId,
        attributes,
        chunkingStrategy: {
          type: 'static',
          static: { max_chunk_size_tokens: maxTokens, chunk_overlap_tokens: overlapTokens },
        },
      },
      { signal: session.signal },
    );
  } catch (cause) {
    session.signal.throwIfAborted();
    const decision = classifyAttachError(cause);
    if (decision === null) throw cause;
    if (decision.type === 'not_found') return noteMissing(deps, session, item);
    if (decision.type === 'take_back') {
      deps.log.warn({ err: cause, transferId: session.transferId, fileId }, 'upstream rejected a file');
      return updateItem(deps, session, item, { state: 'taking_back', reason: decision.reason });
    }
  }
  await updateItem(deps, session, item, { state: 'attached', reason: null });
}

/** Upstream does not find the object: the start of the wait is recorded, so that it is bounded. */
export async function noteMissing(
  deps: TransferWorkContext,
  session: TransferSession,
  item: TransferItemRecord,
): Promise<void> {
  const missingSinceMs = item.missingSinceMs ?? deps.clock.nowMs();
  await updateItem(deps, session, item, { state: 'uploaded', missingSinceMs, reason: NOT_FOUND_YET });
}

const NOT_FOUND_YET = 'OpenAI does not find it yet. It is retried.';

interface Source {
  readonly filename: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

async function sourceOf(
  deps: TransferWorkContext,
  session: TransferSession,
  item: TransferItemRecord,
): Promise<Source> {
  const file: FileRecord | undefined = await deps.db.read.fileList.find(session.tenantId, item.sourceFileId);
  if (file?.sha256 == null) throw new AppError('file_not_found', 'The file does not exist here any more.');
  const filename = toPublishedName(file.filename, file.adoptedFrom !== null);
  const mimeType = file.mimeType ?? 'application/octet-stream';
  return { filename, mimeType, sizeBytes: file.bytes ?? 0, sha256: file.sha256 };
}

/** Returns the id of the file upstream, which is recorded then. */
async function upload(
  deps: TransferWorkContext,
  session: TransferSession,
  target: PublishTarget,
  { item, file }: { readonly item: TransferItemRecord; readonly file: Source },
): Promise<string> {
  const publisher = deps.publisherFor(session.connection);
  const { signal } = session;
  const known = await resume(deps, session, target, { item, file });
  if (known !== undefined) return record(known);
  const uploadId = await publisher.createUpload(file, { signal });
  await updateItem(deps, session, item, { state: 'uploading', uploadId, partIds: null, completingSinceS: null });
  const partIds: string[] = [];
  for await (const part of readParts(deps, file.sha256)) {
    partIds.push(await publisher.addPart(uploadId, part, { signal }));
  }
  const completingSinceS = Math.floor(deps.clock.nowMs() / 1000);
  await updateItem(deps, session, item, { state: 'completing', partIds, completingSinceS });
  return record(await publisher.completeUpload(uploadId, partIds, { signal }));

  async function record(fileId: string): Promise<string> {
    await updateItem(deps, session, item, { state: 'uploaded', targetFileId: fileId });
    return fileId;
  }
}

/** What an earlier attempt created without getting the answer: the file's id, or undefined when there is none. */
async function resume(
  deps: TransferWorkContext,
  session: TransferSession,
  target: PublishTarget,
  { item, file }: { readonly item: TransferItemRecord; readonly file: Source },
): Promise<string | undefined> {
  const { uploadId, partIds, state } = item;
  if (state !== 'completing' || uploadId === null || partIds === null) return undefined;
  try {
    return await deps.publisherFor(session.connection).completeUpload(uploadId, partIds, { signal: session.signal });
  } catch (cause) {
    if (!(cause instanceof UpstreamRefused)) throw cause;
  }
  // It was completed, or has expired: either the file exists, or it never will.
  const taken = new Set<string>();
  const files = await target.listFiles();
  for (const { id } of files.filter(({ filename }) => filename === file.filename)) {
    if (await isTaken(deps, session.tenantId, id)) taken.add(id);
  }
  const wanted = { ...file, completingSinceS: item.completingSinceS };
  const found = findUploadedFile(files, wanted, (id) => taken.has(id));
  if (found === 'ambiguous') {
    throw new AppError(
      'upload_incomplete',
      `OpenAI's answer was lost, and more than one file named '${file.filename}' of this size is in the project since then. Delete the one that no store uses, and try again.`,
    );
  }
  return found;
}

/** Whether a file upstream belongs to another copy, or to a store. */
async function isTaken({ db }: TransferWorkContext, tenantId: string, fileId: string): Promise<boolean> {
  if (await db.read.transferItems.isTarget(tenantId, fileId)) return true;
  return ((await db.read.fileList.find(tenantId, fileId))?.attachmentCount ?? 0) > 0;
}

async function* readParts(deps: TransferWorkContext, sha256: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const content = await deps.blobs.read(sha256);
  if (content === undefined) throw new AppError('file_not_found', 'The bytes of the file do not exist here any more.');
  let blocks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const block of content.stream as AsyncIterable<Uint8Array>) {
    blocks.push(block);
    sizeBytes += block.byteLength;
    if (sizeBytes < PART_BYTES) continue;
    yield new Uint8Array(Buffer.concat(blocks));
    blocks = [];
    sizeBytes = 0;
  }
  if (sizeBytes > 0) yield new Uint8Array(Buffer.concat(blocks));
}
