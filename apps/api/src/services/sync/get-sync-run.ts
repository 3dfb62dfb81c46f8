import type { SyncRun } from '@espejo/contracts';
import { AppError } from '@espejo/core';
import { presentRun } from './present-run.ts';
import type { SyncDeps } from './sync-deps.ts';

export async function getSyncRun(
  deps: Pick<SyncDeps, 'db'>,
  input: { tenantId: string; runId: string },
): Promise<SyncRun> {
  const record = await deps.db.read.syncRuns.find(input.tenantId, input.runId);
  if (record === undefined) throw new AppError('sync_run_not_found', `There is no sync run with id '${input.runId}'.`);
  return presentRun(deps.db.read, record);
}
