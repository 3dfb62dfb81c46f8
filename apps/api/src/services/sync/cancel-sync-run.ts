import type { SyncRun } from '@espejo/contracts';
import { AppError } from '@espejo/core';
import { getSyncRun } from './get-sync-run.ts';
import { RunStopped, type SyncDeps } from './sync-deps.ts';

/** Stops a running sync after the requests in flight; what it has written stays. Waits for its end when it runs in this process. */
export async function cancelSyncRun(deps: SyncDeps, input: { tenantId: string; runId: string }): Promise<SyncRun> {
  const { tenantId, runId } = input;
  const run = await getSyncRun(deps, input);
  if (run.status !== 'running') throw new AppError('sync_run_not_running', 'This sync is not running any more.');
  await deps.db.transaction((tx) => tx.syncRuns.update(tenantId, runId, { isCancelRequested: true }));
  const active = deps.active.get(runId);
  if (active !== undefined) {
    active.controller.abort(new RunStopped('cancelled'));
    await active.finished;
  }
  return getSyncRun(deps, input);
}
