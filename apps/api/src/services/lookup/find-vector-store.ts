import { vectorStoreNotFound } from '@espejo/core';
import type { Repositories, VectorStoreRecord } from '@espejo/db';

/** Reads stores from the last committed state, or inside a transaction. */
export interface StoreReader {
  readonly db: { readonly read: Pick<Repositories, 'vectorStores'> };
}

/** A store, primary or mirrored. Throws `vector_store_not_found`. */
export async function findVectorStore(deps: StoreReader, tenantId: string, id: string): Promise<VectorStoreRecord> {
  const store = await deps.db.read.vectorStores.find(tenantId, id);
  if (store === undefined) throw vectorStoreNotFound(id);
  return store;
}
