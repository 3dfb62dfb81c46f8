import { attachmentNotFound, idNotFound, storeExpired, storeNotFound } from '@espejo/contracts/openai';
import type { Project } from '../project.ts';
import type { AttachmentRow, StoreRow } from '../rows.ts';
import { settle } from './settle.ts';

/** The current store, or 404. */
export function findStore(project: Project, storeId: string): StoreRow {
  settle(project);
  const store = project.stores.get(storeId);
  if (store === undefined) {
    throw idNotFound(storeNotFound(storeId), { param: 'vector_store_id', id: storeId, prefix: 'vs_' });
  }
  return store;
}

/** The store, if it is live: an expired one keeps its row but rejects files and searches. */
export function findLiveStore(project: Project, storeId: string): StoreRow {
  const store = findStore(project, storeId);
  if (store.isExpired) throw storeExpired(storeId);
  return store;
}

/** A file attached to a store, or 404. */
export function findAttachment(
  project: Project,
  storeId: string,
  fileId: string,
): { readonly store: StoreRow; readonly attachment: AttachmentRow } {
  const store = findStore(project, storeId);
  const attachment = store.attachments.get(fileId);
  if (attachment === undefined) {
    throw idNotFound(attachmentNotFound(storeId, fileId), { param: 'file_id', id: fileId, prefix: 'file-' });
  }
  return { store, attachment };
}
