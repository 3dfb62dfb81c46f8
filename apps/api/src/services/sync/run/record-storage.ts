import { snapshotsToRemove } from '@espejo/core';
import type { Repositories } from '@espejo/db';
import { type Clock, certainNowMs } from '../../../ports.ts';

/**
 * Records what a connection's mirror contains after a complete sync, and removes older snapshots that are no longer
 * needed. By the time that has certainly passed, so a clock that jumps removes nothing.
 */
export async function recordStorage(
  tx: Repositories,
  input: { readonly tenantId: string; readonly connectionId: string; readonly clock: Clock },
): Promise<void> {
  const { tenantId, connectionId, clock } = input;
  const totals = await tx.connections.totals(tenantId, connectionId);
  await tx.storageSnapshots.put({ tenantId, connectionId, takenAtMs: clock.nowMs(), ...totals });
  const takenAtMs = await tx.storageSnapshots.listTimes(tenantId, connectionId);
  await tx.storageSnapshots.remove(tenantId, connectionId, snapshotsToRemove(takenAtMs, certainNowMs(clock)));
}
