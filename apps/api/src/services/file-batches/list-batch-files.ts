import type { AttachmentPageInput, AttachmentRecord, Database } from '@espejo/db';
import { listAttachments } from '../attachments/list-attachments.ts';
import { getFileBatch } from './get-file-batch.ts';

/** One page of the files of a batch that are still in the store. */
export async function listBatchFiles(
  deps: { readonly db: Database },
  input: AttachmentPageInput & { readonly batchId: string },
): Promise<{ rows: AttachmentRecord[]; hasMore: boolean }> {
  await getFileBatch(deps, { ...input, id: input.batchId });
  return listAttachments(deps, input);
}
