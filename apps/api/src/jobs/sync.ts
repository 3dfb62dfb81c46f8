import { AppError, asSystem } from '@espejo/core';
import type { SyncContext } from '../services/context/app-context.ts';
import { startSyncRun } from '../services/sync/run/start-sync-run.ts';

/** One tick of a connection's schedule. A run in progress is not worth an alarm; every other error is logged. */
export async function runScheduledSync(
  deps: SyncContext,
  input: { tenantId: string; connectionId: string; trigger?: 'schedule' | 'startup' | 'recovery' },
): Promise<void> {
  try {
    const { tenantId, connectionId, trigger = 'schedule' } = input;
    const by = asSystem(tenantId, 'sync');
    await startSyncRun(deps, { by, connectionId, trigger, isDryRun: false, isFull: false });
  } catch (cause) {
    const isOverlap = cause instanceof AppError && cause.code === 'sync_already_running';
    deps.log[isOverlap ? 'info' : 'error'](
      { err: cause, connectionId: input.connectionId },
      'a scheduled sync did not start',
    );
  }
}
