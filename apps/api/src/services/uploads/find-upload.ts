import { AppError } from '@espejo/core';
import type { Repositories, UploadRow } from '@espejo/db';

/** An upload with its status at an instant. Throws `upload_not_found`. */
export async function findUpload(
  read: Pick<Repositories, 'uploads'>,
  input: { tenantId: string; id: string; nowMs: number },
): Promise<UploadRow> {
  const upload = await read.uploads.find(input.tenantId, input.id);
  if (upload === undefined) throw new AppError('upload_not_found', `No such Upload object: ${input.id}`);
  const isOver = upload.status === 'pending' && upload.expiresAtS * 1000 <= input.nowMs;
  return isOver ? { ...upload, status: 'expired' } : upload;
}

/** The same for an upload that must still accept parts. Throws `upload_not_open`. */
export async function findOpenUpload(
  read: Pick<Repositories, 'uploads'>,
  input: { tenantId: string; id: string; nowMs: number },
): Promise<UploadRow> {
  const upload = await findUpload(read, input);
  if (upload.status === 'pending') return upload;
  throw new AppError('upload_not_open', `Upload '${upload.id}' is ${upload.status}. Start another one.`, {
    details: { status: upload.status },
  });
}
