import { AppError, type Authorized } from '@espejo/core';
import type { FileRecord, UploadPartRow, UploadRow } from '@espejo/db';
import { BlobTooLarge } from '@espejo/retrieval';
import type { ContentContext } from '../context/app-context.ts';
import type { Meter } from '../context/incoming-bytes.ts';
import { recordFile } from '../files/create-file.ts';
import { forgetBlob } from '../files/forget-blob.ts';

import { dropParts } from './drop-parts.ts';
import { findOpenUpload, findUpload } from './find-upload.ts';

/**
 * Creates the file from the parts, in the order they are named. Throws `upload_incomplete` unless they make exactly the
 * announced file; then the upload stays open, so that the missing parts can still be sent.
 */
export async function completeUpload(
  deps: ContentContext,
  input: {
    readonly by: Authorized<'write'>;
    readonly id: string;
    readonly partIds: readonly string[];
    /** Lower-case hex, as the client computed it; null: not checked. */
    readonly md5: string | null;
  },
): Promise<{ upload: UploadRow; file: FileRecord }> {
  const { tenantId } = input.by;
  // The copy adds nothing to the tenant's quota, as its parts are recorded with as many bytes: only the disk can reject
  // it.
  const group = { key: `assembly ${input.id}`, coveredBytes: Number.MAX_SAFE_INTEGER };
  const { file, nowMs } = await deps.incoming.receive({ tenantId, group }, (meter) =>
    deps.assemblyGate.run(tenantId, () => assemble(deps, input, meter)),
  );
  await deps.localWork.perform(tenantId);
  return { upload: await findUpload(deps.db.read, { tenantId, id: input.id, nowMs }), file };
}

async function assemble(
  deps: ContentContext,
  { by, id, partIds, md5 }: Parameters<typeof completeUpload>[1],
  meter: Meter,
): Promise<{ readonly file: FileRecord; readonly nowMs: number }> {
  const { tenantId } = by;
  const nowMs = deps.clock.nowMs();
  const upload = await findOpenUpload(deps.db.read, { tenantId, id, nowMs });
  const parts = inOrder(await deps.db.read.uploads.listParts(tenantId, id), partIds);
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  if (sizeBytes !== upload.sizeBytes) {
    throw incomplete(
      `The parts have ${sizeBytes} bytes together, but the upload was announced with ${upload.sizeBytes}.`,
      {
        announced: upload.sizeBytes,
        present: sizeBytes,
      },
    );
  }
  const blob = await deps.blobs
    .concat(
      parts.map((part) => part.sha256),
      { maxBytes: upload.sizeBytes, through: meter },
    )
    .catch((cause: unknown) => {
      throw cause instanceof BlobTooLarge ? incomplete('The parts are longer than was announced.', null) : cause;
    });
  if (md5 !== null && md5.toLowerCase() !== blob.md5) {
    await forgetBlob(deps, blob.sha256);
    throw incomplete(`The MD5 of the parts together is ${blob.md5}, not ${md5}.`, {
      announced: md5,
      present: blob.md5,
    });
  }
  const file = await recordFile(deps, {
    by,
    filename: upload.filename,
    purpose: upload.purpose,
    mimeType: upload.mimeType,
    expiresAfterS: upload.fileExpiresAfterS,
    blob,
    async also(tx, fileId) {
      await findOpenUpload(tx, { tenantId, id, nowMs: deps.clock.nowMs() });
      // The rows of the parts are deleted first: their bytes and the file's are not counted twice.
      await dropParts(tx, { tenantId, uploadId: id, nowMs });
      await tx.uploads.setStatus(tenantId, id, { status: 'completed', fileId });
    },
  });
  return { file, nowMs };
}

function inOrder(parts: readonly UploadPartRow[], partIds: readonly string[]): UploadPartRow[] {
  const byId = new Map(parts.map((part) => [part.id, part]));
  if (new Set(partIds).size !== partIds.length) throw incomplete('A part is named twice.', null);
  return partIds.map((partId) => {
    const part = byId.get(partId);
    if (part === undefined) throw incomplete(`The upload has no part '${partId}'.`, { partId });
    return part;
  });
}

function incomplete(message: string, details: Readonly<Record<string, unknown>> | null): AppError {
  return new AppError('upload_incomplete', message, details === null ? {} : { details });
}
