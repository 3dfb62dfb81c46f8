import type { Database, FileBatchRecord } from '@espejo/db';
import { findVectorStore } from '../lookup/find-vector-store.ts';
import { findFileBatch } from './find-file-batch.ts';

/** Returns a batch with its present counts. Throws `vector_store_not_found` or `file_batch_not_found`. */
export async function getFileBatch(
  deps: { readonly db: Database },
  input: { tenantId: string; storeId: string; id: string },
): Promise<FileBatchRecord> {
  await findVectorStore(deps, input.tenantId, input.storeId);
  return findFileBatch(deps.db.read, input);
}
