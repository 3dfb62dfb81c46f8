import { AppError } from '@espejo/core';
import type { AttachmentPageInput, AttachmentRecord, Database } from '@espejo/db';
import { findVectorStore } from '../lookup/find-vector-store.ts';

/** One page of the files of a primary store or a mirror. `after` and `before` are file ids; `hasMore` is exact. */
export async function listAttachments(
  deps: { readonly db: Database },
  input: AttachmentPageInput,
): Promise<{ rows: AttachmentRecord[]; hasMore: boolean }> {
  await findVectorStore(deps, input.tenantId, input.storeId);
  const page = await deps.db.read.attachmentList.page(input);
  if (page === undefined) {
    throw new AppError(
      'unknown_cursor',
      `'after' and 'before' must be ids of files in vector store '${input.storeId}'. Start again without one.`,
      { details: { param: input.after === undefined ? 'before' : 'after' } },
    );
  }
  return page;
}
