import { AppError, type Authorized } from '@espejo/core';
import { RunStopped } from '../../context/active-runs.ts';
import type { SyncContext } from '../../context/app-context.ts';
import type { SyncRun } from '../../context/views.ts';
import { getSyncRun } from './get-sync-run.ts';

/**
 * Stops a running sync after the requests in progress; written rows stay. Waits for its end when it runs in this
 * process.
 */
export async function cancelSyncRun(
  deps: SyncContext,
  input: { readonly by: Authorized<'sync'>; readonly runId: string },
): Promise<SyncRun> {
  const { by, runId } = input;
  const { tenantId } = by;
  const run = await getSyncRun(deps, { tenantId, runId });
  if (run.status !== 'running') throw new AppError('sync_run_not_running', 'This sync is not running any more.');
  await deps.db.transaction(async (tx) => {
    await tx.syncRuns.update(tenantId, runId, { isCancelRequested: true });
    await tx.audit.append(by, {
      atMs: deps.clock.nowMs(),
      action: 'sync_run.cancel_requested',
      subject: runId,
      outcome: 'accepted',
      detail: { connectionId: run.connectionId },
    });
  });
  const active = deps.active.get(runId);
  if (active?.tenantId === tenantId) {
    active.controller.abort(new RunStopped('cancelled'));
    await active.finished;
  }
  return getSyncRun(deps, { tenantId, runId });
}
