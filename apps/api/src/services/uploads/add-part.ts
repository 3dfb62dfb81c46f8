import { AppError, type Authorized, openAiId } from '@espejo/core';
import type { UploadPartRow, UploadRow } from '@espejo/db';
import { BlobTooLarge, type StoredBlob } from '@espejo/retrieval';
import type { ContentContext } from '../context/app-context.ts';
import { forgetBlob } from '../files/forget-blob.ts';
import { addBytes } from '../limits/check-limits.ts';

import { findOpenUpload } from './find-upload.ts';

const PART_BYTES_MAX = 64 * 2 ** 20;

/**
 * Stores one part of an upload; parts may arrive in any order and concurrently. Parts beyond the announced size (such
 * as one sent twice) are accepted as long as there is room for them.
 */
export async function addPart(
  deps: ContentContext,
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
  const group = { key: uploadId, coveredBytes: await announcedBytesLeft(deps, found) };
  return deps.incoming.receive({ tenantId, group }, async (meter) => {
    const source = meter(input.source);
    const blob = await writePart(deps, { ...input, source }, Math.min(PART_BYTES_MAX, found.sizeBytes));
    return recordPart(deps, { tenantId, uploadId, blob });
  });
}

/** How much of the announced size of an upload its parts leave. */
async function announcedBytesLeft(deps: ContentContext, { tenantId, id, sizeBytes }: UploadRow): Promise<number> {
  const parts = await deps.db.read.uploads.listParts(tenantId, id);
  return Math.max(0, sizeBytes - parts.reduce((sum, part) => sum + part.sizeBytes, 0));
}

async function recordPart(
  deps: ContentContext,
  { tenantId, uploadId, blob }: { readonly tenantId: string; readonly uploadId: string; readonly blob: StoredBlob },
): Promise<UploadPartRow> {
  const recorded = deps.blobGate.run(blob.sha256, async () => {
    if ((await deps.blobs.pathOf(blob.sha256)) === undefined) {
      throw new AppError('content_busy', 'Content with the same hash is being deleted. Send the part again.');
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
      // Cancelled, or expired, while the part was arriving: it is not needed.
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
    await forgetBlob(deps, blob.sha256);
    throw cause;
  });
}

async function writePart(
  deps: ContentContext,
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
