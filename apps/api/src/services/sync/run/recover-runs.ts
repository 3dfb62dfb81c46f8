import type { SyncContext } from '../../context/app-context.ts';
import { isLeaseLive, syncLeaseName } from '../../leases/lease.ts';
import { closeAbandonedRuns } from './start-sync-run.ts';

/**
 * Closes runs that a crash left open and returns their connections, so that each can be synced at once: the next run
 * converges from whatever the dead one had written (rule 7).
 */
export async function recoverRuns(deps: SyncContext, tenantId: string): Promise<ReadonlySet<string>> {
  return deps.db.transaction(async (tx) => {
    const recovered = new Set<string>();
    for (const run of await tx.syncRuns.listRunning(tenantId)) {
      const lease = await tx.leases.find(tenantId, syncLeaseName(run.connectionId));
      if (isLeaseLive(lease, deps.clock.nowMs(), deps.owner)) continue;
      await closeAbandonedRuns(tx, tenantId, run.connectionId, deps.clock.nowMs());
      recovered.add(run.connectionId);
    }
    if (recovered.size > 0) deps.log.warn({ connectionIds: [...recovered] }, 'syncs were interrupted by a crash');
    return recovered;
  });
}
