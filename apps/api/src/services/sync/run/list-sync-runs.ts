import type { ChangeAction } from '@espejo/db';
import { z } from 'zod';
import type { SyncContext } from '../../context/app-context.ts';
import type { SyncRunStatus } from '../../context/views.ts';
import { decodeCursor, encodeCursor, NUMBER_KEY } from '../../cursor.ts';
import { presentChange } from '../apply/present-change.ts';
import { getSyncRun } from './get-sync-run.ts';
import { presentRun } from './present-run.ts';
import type { SyncChangePage, SyncRunPage } from './views.ts';

export async function listSyncRuns(
  deps: Pick<SyncContext, 'db'>,
  input: {
    tenantId: string;
    query: {
      limit: number;
      cursor?: string | undefined;
      connectionId?: string | undefined;
      status?: SyncRunStatus | undefined;
    };
  },
): Promise<SyncRunPage> {
  const { tenantId, query } = input;
  const key = decodeCursor(query.cursor, 'sync-runs', NUMBER_KEY);
  const { rows, total } = await deps.db.read.syncRuns.list({
    tenantId,
    connectionId: query.connectionId || undefined,
    status: query.status,
    after: key === undefined ? undefined : { startedAtMs: key[0], id: key[1] },
    limit: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    data: await Promise.all(page.map((row) => presentRun(deps.db.read, row))),
    nextCursor:
      rows.length > query.limit && last !== undefined ? encodeCursor('sync-runs', [last.startedAtMs, last.id]) : null,
    total,
    asOf: null,
  };
}

/** The result of a run store by store; of a dry run, the differences it found. */
export async function listSyncRunChanges(
  deps: Pick<SyncContext, 'db'>,
  input: {
    tenantId: string;
    runId: string;
    limit: number;
    cursor: string | undefined;
    action: ChangeAction | undefined;
  },
): Promise<SyncChangePage> {
  const { tenantId, runId, limit, action } = input;
  await getSyncRun(deps, { tenantId, runId });
  const list = `changes:${runId}`;
  const key = decodeCursor(input.cursor, list, z.tuple([z.string()]));
  const { rows, total } = await deps.db.read.syncChanges.listOfRun({
    tenantId,
    runId,
    action,
    after: key?.[0],
    limit: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map((row) => ({
      ...presentChange(row),
      storeId: row.storeId === '' ? null : row.storeId,
      storeName: row.storeName,
    })),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(list, [last.storeId]) : null,
    total,
    asOf: null,
  };
}
