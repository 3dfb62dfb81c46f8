import { AppError, vectorStoreNotFound, vectorStoreReadOnly } from '@espejo/core';
import type { AttachmentRecord, Repositories, VectorStoreRecord } from '@espejo/db';
import { assertServable } from './assert-servable.ts';

type AttachmentReader = Pick<Repositories, 'vectorStores' | 'attachmentList'>;

/** An attachment of a store. Throws `attachment_not_found`. */
export async function findAttachment(
  read: AttachmentReader,
  input: { tenantId: string; storeId: string; fileId: string },
): Promise<AttachmentRecord> {
  const { tenantId, storeId, fileId } = input;
  const row = await read.attachmentList.find(tenantId, storeId, fileId);
  if (row === undefined) {
    throw new AppError('attachment_not_found', `No file found with id '${fileId}' in vector store '${storeId}'.`);
  }
  return row;
}

/** A primary store whose content may be changed now. Throws for a mirror, an expired store and a trashed one. */
export async function getWritableStore(
  read: Pick<Repositories, 'vectorStores'>,
  input: { tenantId: string; storeId: string; nowMs: number },
): Promise<VectorStoreRecord> {
  const { tenantId, storeId, nowMs } = input;
  const store = await read.vectorStores.find(tenantId, storeId);
  if (store === undefined) throw vectorStoreNotFound(storeId);
  if (store.source === 'cache') throw vectorStoreReadOnly(storeId);
  assertServable(store, nowMs);
  return store;
}
