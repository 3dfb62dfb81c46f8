import type { AttachmentRecord, Database } from '@espejo/db';
import { findAttachment } from '../lookup/find-attachment.ts';
import { findVectorStore } from '../lookup/find-vector-store.ts';

/** An attachment of a primary store or a mirror. Throws `vector_store_not_found` or `attachment_not_found`. */
export async function getAttachment(
  deps: { readonly db: Database },
  input: { tenantId: string; storeId: string; fileId: string },
): Promise<AttachmentRecord> {
  await findVectorStore(deps, input.tenantId, input.storeId);
  return findAttachment(deps.db.read, input);
}
