import { describeExpiry, expiryState, pickStoreFields, toSeconds } from '@espejo/core';
import type { ConnectionRow, VectorStoreRecord } from '@espejo/db';
import type { VectorStoreContext } from '../context/app-context.ts';
import type { VectorStore } from './views.ts';

/** A store in the form of lists. */
export function presentVectorStore(
  deps: Pick<VectorStoreContext, 'clock' | 'expiry'>,
  store: VectorStoreRecord,
  connections: ReadonlyMap<string, ConnectionRow>,
): VectorStore {
  const nowS = toSeconds(deps.clock.nowMs());
  const standing = { status: store.status, expiresAtS: store.expiresAt, isPrimary: store.source === 'primary' };
  const syncedAtMs = confirmedAtMs(store, connections);
  const anchors = { createdAtS: store.createdAt, lastActiveAtS: store.lastActiveAt };
  return {
    id: store.id,
    source: store.source,
    backend: store.backend,
    connectionId: store.connectionId,
    ...pickStoreFields(store),
    expiryPolicy: store.expiryPolicy,
    expiryState: expiryState(standing, nowS, deps.expiry.warnAheadS),
    expiryText: describeExpiry({ ...standing, ...anchors, policy: store.expiryPolicy, nowS }),
    lastSyncedAt: syncedAtMs === null ? null : toSeconds(syncedAtMs),
    missingSince: store.missingSinceMs === null ? null : toSeconds(store.missingSinceMs),
  };
}

/**
 * A row that is not missing was confirmed by the last complete listing of its connection without a write: an unchanged
 * store costs a sync no write.
 */
export function confirmedAtMs(
  store: VectorStoreRecord,
  connections: ReadonlyMap<string, ConnectionRow>,
): number | null {
  if (store.connectionId === null || store.syncedAtMs === null) return null;
  const listedAtMs = connections.get(store.connectionId)?.storesListedAtMs ?? 0;
  return store.missingSinceMs === null ? Math.max(store.syncedAtMs, listedAtMs) : store.syncedAtMs;
}
