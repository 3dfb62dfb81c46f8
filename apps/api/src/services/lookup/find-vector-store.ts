import { vectorStoreNotFound } from '@espejo/core';
import type { Repositories, VectorStoreRecord } from '@espejo/db';

/** Where stores are looked up: the last committed state, or a transaction's own. */
export interface StoreReader {
  readonly db: { readonly read: Pick<Repositories, 'vectorStores'> };
}

/** A store, ours or mirrored. Throws `vector_store_not_found`. */
export async function findVectorStore(deps: StoreReader, tenantId: string, id: string): Promise<VectorStoreRecord> {
  const store = await deps.db.read.vectorStores.find(tenantId, id);
  if (store === undefined) throw vectorStoreNotFound(id);
  return store;
}
