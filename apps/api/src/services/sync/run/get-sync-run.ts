import { AppError } from '@espejo/core';
import type { SyncContext } from '../../context/app-context.ts';
import type { SyncRun } from '../../context/views.ts';
import { presentRun } from './present-run.ts';

export async function getSyncRun(
  deps: Pick<SyncContext, 'db'>,
  input: { tenantId: string; runId: string },
): Promise<SyncRun> {
  const record = await deps.db.read.syncRuns.find(input.tenantId, input.runId);
  if (record === undefined) throw new AppError('sync_run_not_found', `There is no sync run with id '${input.runId}'.`);
  return presentRun(deps.db.read, record);
}
