import { AppError, type Authorized, openAiId } from '@espejo/core';
import type { UploadRow } from '@espejo/db';
import type { ContentContext } from '../context/app-context.ts';
import { assertFileFields, readFilename } from '../files/file-fields.ts';
import { mimeTypeOf } from '../files/mime-type.ts';
import { checkNewFile } from '../limits/check-limits.ts';

/** The lifetime of an upload, as at OpenAI. */
const OPEN_S = 3_600;

/**
 * Creates an upload, a file that arrives in parts. Its size is checked against every limit before any part is sent, and
 * counts as used from now on: an accepted upload fits when it is complete.
 */
export async function createUpload(
  deps: ContentContext,
  input: {
    readonly by: Authorized<'write'>;
    readonly filename: string;
    readonly purpose: string;
    readonly mimeType: string;
    readonly sizeBytes: number;
    readonly expiresAfterS: number | null;
  },
): Promise<UploadRow> {
  const { by, purpose, sizeBytes, expiresAfterS } = input;
  const { tenantId } = by;
  const filename = readFilename(input.filename);
  assertFileFields(input);
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 1) {
    throw new AppError('invalid_request', 'An upload has at least one byte.', { details: { param: 'bytes' } });
  }
  const mimeType = mimeTypeOf(filename, input.mimeType) ?? input.mimeType;
  const nowMs = deps.clock.nowMs();
  const check = { tenantId, mimeType, sizeBytes, nowMs };
  await checkNewFile(deps.db.read, { ...check, underWayBytes: deps.incoming.bytesOf(tenantId) });
  const createdAtS = Math.floor(nowMs / 1000);
  const row: UploadRow = {
    tenantId,
    id: openAiId('upload', createdAtS, deps.randomHex),
    filename,
    purpose,
    mimeType,
    sizeBytes,
    status: 'pending',
    createdAtS,
    expiresAtS: createdAtS + OPEN_S,
    fileExpiresAfterS: expiresAfterS,
    fileId: null,
  };
  await deps.db.transaction(async (tx) => {
    await checkNewFile(tx, { ...check, underWayBytes: deps.incoming.bytesOf(tenantId) });
    await tx.uploads.insert(row);
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'upload.created',
      subject: row.id,
      outcome: 'done',
      detail: { filename, purpose, sizeBytes },
    });
  });
  deps.incoming.forget(tenantId);
  return row;
}
