import { AppError } from '@espejo/core';
import type { FileBatchRecord, Repositories } from '@espejo/db';

/** Returns a batch of a store. Throws `file_batch_not_found`. */
export async function findFileBatch(
  read: Pick<Repositories, 'fileBatches'>,
  input: { tenantId: string; storeId: string; id: string },
): Promise<FileBatchRecord> {
  const batch = await read.fileBatches.find(input.tenantId, input.id);
  if (batch?.storeId !== input.storeId) {
    throw new AppError(
      'file_batch_not_found',
      `No file batch found with id '${input.id}' in vector store '${input.storeId}'.`,
    );
  }
  return batch;
}
