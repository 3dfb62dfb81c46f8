import { toSeconds } from '@espejo/core';
import type { ConnectionRow, SyncRunRecord } from '@espejo/db';
import { presentHealth } from '../connections/present-connection.ts';
import type { RecordContext } from '../context/app-context.ts';
import { presentSummary } from '../sync/run/present-run.ts';
import type { ConnectionOverview } from './views.ts';

/** How many runs of a connection are shown. */
const RUNS_SHOWN = 20;

/** A connection with its last runs, newest first. */
export interface ConnectionHistory {
  readonly row: ConnectionRow;
  readonly runs: readonly SyncRunRecord[];
}

export async function readHistory(
  deps: Pick<RecordContext, 'db'>,
  tenantId: string,
  row: ConnectionRow,
): Promise<ConnectionHistory> {
  const { rows } = await deps.db.read.syncRuns.list({
    tenantId,
    connectionId: row.id,
    status: undefined,
    after: undefined,
    limit: RUNS_SHOWN,
  });
  return { row, runs: rows };
}

/** The health of a connection: its lag and how its last runs ended. */
export async function presentHistory(
  deps: RecordContext,
  { row, runs }: ConnectionHistory,
): Promise<ConnectionOverview> {
  const lagMs = row.completeSyncAtMs === null ? null : deps.clock.nowMs() - row.completeSyncAtMs;
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    isEnabled: row.isEnabled,
    health: presentHealth(row),
    lastCompleteSyncAt: row.completeSyncAtMs === null ? null : toSeconds(row.completeSyncAtMs),
    lagSeconds: lagMs === null ? null : Math.max(0, toSeconds(lagMs)),
    runs: await Promise.all(runs.map((run) => presentSummary(deps.db.read, run))),
  };
}
