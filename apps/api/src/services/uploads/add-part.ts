import { AppError, type Authorized, openAiId } from '@espejo/core';
import type { UploadPartRow } from '@espejo/db';
import { BlobTooLarge, type StoredBlob } from '@espejo/retrieval';
import { forgetBlob } from '../files/forget-blob.ts';
import { addBytes } from '../guardrails/check-limits.ts';
import type { ContentDeps } from '../ingestion/content-deps.ts';
import { findOpenUpload } from './find-upload.ts';

const PART_BYTES_MAX = 64 * 2 ** 20;

/**
 * Takes one part of an upload in; parts may come in any order and side by side. Parts beyond the size that was announced
 * (one that was sent twice) are taken as long as there is room for them.
 */
export async function addPart(
  deps: ContentDeps,
  input: {
    readonly by: Authorized<'write'>;
    readonly uploadId: string;
    readonly source: AsyncIterable<Uint8Array>;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<UploadPartRow> {
  const { uploadId } = input;
  const { tenantId } = input.by;
  const found = await findOpenUpload(deps.db.read, { tenantId, id: uploadId, nowMs: deps.clock.nowMs() });
  const blob = await writePart(deps, input, Math.min(PART_BYTES_MAX, found.sizeBytes));
  const recorded = deps.blobGate.run(blob.sha256, async () => {
    if ((await deps.blobs.pathOf(blob.sha256)) === undefined) {
      throw new AppError('content_busy', 'The same bytes were being removed at this very moment. Send the part again.');
    }
    const nowMs = deps.clock.nowMs();
    const createdAtS = Math.floor(nowMs / 1000);
    const row: UploadPartRow = {
      tenantId,
      id: openAiId('part', createdAtS, deps.randomHex),
      uploadId,
      sha256: blob.sha256,
      sizeBytes: blob.sizeBytes,
      createdAtS,
    };
    await deps.db.transaction(async (tx) => {
      const upload = await tx.uploads.find(tenantId, uploadId);
      // Cancelled, or over, while the part was on its way: nobody will ask for it.
      if (upload?.status !== 'pending' || upload.expiresAtS * 1000 <= nowMs) {
        await tx.localTasks.add(tenantId, { kind: 'remove_blob', sha256: blob.sha256 }, nowMs);
      } else {
        await addBytes(tx, { tenantId, nowMs }, () => tx.uploads.insertPart(row));
      }
    });
    await findOpenUpload(deps.db.read, { tenantId, id: uploadId, nowMs });
    return row;
  });
  return recorded.catch(async (cause: unknown) => {
    await forgetBlob(deps, tenantId, blob.sha256);
    throw cause;
  });
}

async function writePart(
  deps: ContentDeps,
  input: { readonly source: AsyncIterable<Uint8Array>; readonly signal?: AbortSignal | undefined },
  maxBytes: number,
): Promise<StoredBlob> {
  const { source, signal } = input;
  try {
    return await deps.blobs.write(source, { maxBytes, ...(signal === undefined ? {} : { signal }) });
  } catch (cause) {
    if (!(cause instanceof BlobTooLarge)) throw cause;
    throw new AppError('limit_exceeded', `This part may have ${maxBytes} bytes at most.`, {
      details: { limit: 'partBytesMax', max: maxBytes, present: maxBytes + 1 },
    });
  }
}
