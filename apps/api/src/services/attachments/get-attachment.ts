import type { AttachmentRecord, Database } from '@espejo/db';
import { findVectorStore } from '../vector-stores/get-vector-store.ts';
import { findAttachment } from './find-attachment.ts';

/** A file's membership in a store, ours or mirrored. Throws `vector_store_not_found` or `attachment_not_found`. */
export async function getAttachment(
  deps: { readonly db: Database },
  input: { tenantId: string; storeId: string; fileId: string },
): Promise<AttachmentRecord> {
  await findVectorStore(deps, input.tenantId, input.storeId);
  return findAttachment(deps.db.read, input);
}
