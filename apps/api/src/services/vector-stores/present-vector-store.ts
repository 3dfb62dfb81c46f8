import type { VectorStore } from '@espejo/contracts';
import { describeExpiry, expiryState } from '@espejo/core';
import type { ConnectionRow, VectorStoreRecord } from '@espejo/db';
import { toSeconds } from '../sync/present-run.ts';
import type { VectorStoreDeps } from './vector-store-deps.ts';

/** A store in the form lists show it. */
export function presentVectorStore(
  deps: Pick<VectorStoreDeps, 'clock' | 'expiry'>,
  store: VectorStoreRecord,
  connections: ReadonlyMap<string, ConnectionRow>,
): VectorStore {
  const nowS = toSeconds(deps.clock.nowMs());
  const standing = { status: store.status, expiresAtS: store.expiresAt, isOurs: store.source === 'primary' };
  const anchors = { createdAtS: store.createdAt, lastActiveAtS: store.lastActiveAt };
  return {
    id: store.id,
    source: store.source,
    backend: store.backend,
    connectionId: store.connectionId,
    name: store.name,
    description: store.description,
    status: store.status,
    fileCounts: { ...store.fileCounts },
    usageBytes: store.usageBytes,
    metadata: store.metadata === null ? null : { ...store.metadata },
    expiresAfter: store.expiresAfter === null ? null : { ...store.expiresAfter },
    expiresAt: store.expiresAt,
    expiryPolicy: store.expiryPolicy,
    expiryState: expiryState(standing, nowS, deps.expiry.warnAheadS),
    expiryText: describeExpiry({ ...standing, ...anchors, policy: store.expiryPolicy, nowS }),
    lastActiveAt: store.lastActiveAt,
    createdAt: store.createdAt,
    lastSyncedAt: lastSyncedAt(store, connections),
    missingSince: store.missingSinceMs === null ? null : toSeconds(store.missingSinceMs),
  };
}

/**
 * A row that is not missing was confirmed again by the last complete listing of its connection, without having been
 * written: an unchanged store costs a sync no write.
 */
function lastSyncedAt(store: VectorStoreRecord, connections: ReadonlyMap<string, ConnectionRow>): number | null {
  if (store.connectionId === null || store.syncedAtMs === null) return null;
  const listedAtMs = connections.get(store.connectionId)?.storesListedAtMs ?? 0;
  return toSeconds(store.missingSinceMs === null ? Math.max(store.syncedAtMs, listedAtMs) : store.syncedAtMs);
}
