import type { VectorStoreRecord } from '@espejo/db';
import { assertServable } from './assert-servable.ts';
import { findVectorStore } from './get-vector-store.ts';
import type { VectorStoreDeps } from './vector-store-deps.ts';

/**
 * A search, or another use of a store's content, begins: throws `vector_store_expired` or `vector_store_trashed` when it
 * must not be served, else moves the last use, and with it the end that counts from it. Whether it may be served is
 * asked again inside the transaction, for the end may come while a request waits for its turn; a use that comes too late
 * brings nothing back. A mirror's last use is upstream's to move, and arrives with the next sync.
 */
export async function touchVectorStore(
  deps: Pick<VectorStoreDeps, 'db' | 'clock'>,
  input: { tenantId: string; id: string },
): Promise<VectorStoreRecord> {
  const { tenantId, id } = input;
  const seen = await findVectorStore(deps, tenantId, id);
  const nowMs = deps.clock.nowMs();
  assertServable(seen, nowMs);
  // Instants are whole seconds: within one there is nothing to move, and a busy store costs one write a second.
  if (seen.source === 'cache' || (seen.lastActiveAt ?? 0) >= Math.floor(nowMs / 1000)) return seen;
  return deps.db.transaction(async (tx) => {
    const store = await findVectorStore({ db: { read: tx } }, tenantId, id);
    const useMs = deps.clock.nowMs();
    assertServable(store, useMs);
    await tx.storeExpiry.touch(tenantId, id, Math.floor(useMs / 1000));
    return findVectorStore({ db: { read: tx } }, tenantId, id);
  });
}
