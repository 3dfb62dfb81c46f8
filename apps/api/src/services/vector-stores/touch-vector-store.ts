import type { VectorStoreRecord } from '@espejo/db';
import type { VectorStoreContext } from '../context/app-context.ts';
import { assertServable } from '../lookup/assert-servable.ts';
import { findVectorStore } from '../lookup/find-vector-store.ts';

/**
 * A search, or another use of a store's content, begins: throws `vector_store_expired` or `vector_store_trashed` when it
 * must not be served, else moves the last use, and with it the end that counts from it. Whether it may be served is
 * asked again inside the transaction, for the end may come while a request waits for its turn; a use that comes too late
 * brings nothing back. A mirror's last use is upstream's to move, and arrives with the next sync.
 */
export async function touchVectorStore(
  deps: Pick<VectorStoreContext, 'db' | 'clock'>,
  seen: VectorStoreRecord,
): Promise<VectorStoreRecord> {
  const { tenantId, id } = seen;
  const nowMs = deps.clock.nowMs();
  assertServable(seen, nowMs);
  // Instants are whole seconds: within one there is nothing to move, and a busy store costs one write a second.
  if (seen.source === 'cache' || (seen.lastActiveAt ?? 0) >= Math.floor(nowMs / 1000)) return seen;
  return deps.db.transaction(async (tx) => {
    const useMs = deps.clock.nowMs();
    const touched = await tx.storeExpiry.touch(tenantId, id, Math.floor(useMs / 1000));
    if (touched !== undefined) return touched;
    // Not live any more: says why.
    const store = await findVectorStore({ db: { read: tx } }, tenantId, id);
    assertServable(store, useMs);
    return store;
  });
}
