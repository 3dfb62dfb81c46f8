import { certainNowMs } from '../../../ports.ts';
import type { SyncContext } from '../../context/app-context.ts';

/** How long runs, and the history they recorded, are kept. */
const RETENTION_MS = 90 * 86_400_000;
const PRUNED_PER_RUN = 20;

/** Deletes a few runs that are past their retention; called after every run, so they never pile up. */
export async function pruneRuns(deps: SyncContext, tenantId: string): Promise<void> {
  const ids = await deps.db.read.syncRuns.listFinishedBefore(
    tenantId,
    certainNowMs(deps.clock) - RETENTION_MS,
    PRUNED_PER_RUN,
  );
  if (ids.length === 0) return;
  await deps.db.transaction(async (tx) => {
    const approved = new Set((await tx.connections.list(tenantId)).map((connection) => connection.approvedRunId));
    for (const id of ids) {
      if (approved.has(id)) continue;
      await tx.syncChanges.removeOfRun(tenantId, id);
      await tx.syncRemovals.removeOfRun(tenantId, id);
      await tx.syncRuns.remove(tenantId, id);
    }
  });
}
