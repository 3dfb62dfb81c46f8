import type { VectorStoreRecord } from '@espejo/db';
import type { VectorStoreContext } from '../context/app-context.ts';
import { assertServable } from '../lookup/assert-servable.ts';
import { findVectorStore } from '../lookup/find-vector-store.ts';

/**
 * Records a use of a store's content, such as a search: throws `vector_store_expired` or `vector_store_trashed` when it
 * must not be served, else moves the last use, and with it an expiry that counts from it. Checked again inside the
 * transaction, as the store may expire while a request waits; a late use restores nothing. A mirror's last use is set
 * by upstream, and arrives with the next sync.
 */
export async function touchVectorStore(
  deps: Pick<VectorStoreContext, 'db' | 'clock'>,
  seen: VectorStoreRecord,
): Promise<VectorStoreRecord> {
  const { tenantId, id } = seen;
  const nowMs = deps.clock.nowMs();
  assertServable(seen, nowMs);
  // Instants are whole seconds: within one there is nothing to write, so a busy store costs one write a second.
  if (seen.source === 'cache' || (seen.lastActiveAt ?? 0) >= Math.floor(nowMs / 1000)) return seen;
  return deps.db.transaction(async (tx) => {
    const useMs = deps.clock.nowMs();
    const touched = await tx.storeExpiry.touch(tenantId, id, Math.floor(useMs / 1000));
    if (touched !== undefined) return touched;
    // Not live any more: throws the reason.
    const store = await findVectorStore({ db: { read: tx } }, tenantId, id);
    assertServable(store, useMs);
    return store;
  });
}
