import { toSeconds } from '@espejo/core';
import type { ConnectionRow } from '@espejo/db';
import type { ConnectionContext } from '../context/app-context.ts';
import { nextTicks } from './cron.ts';
import type { Connection } from './views.ts';

type PresentDeps = Pick<ConnectionContext, 'db' | 'active'>;

/** The result of the last check of a connection. */
export function presentHealth(row: ConnectionRow): Connection['health'] {
  return {
    status: row.healthStatus as Connection['health']['status'],
    message: row.healthMessage,
    checkedAt: row.healthCheckedAtMs === null ? null : toSeconds(row.healthCheckedAtMs),
  };
}

/** A connection in the API's form: everything but the key. */
export async function presentConnection(deps: PresentDeps, row: ConnectionRow): Promise<Connection> {
  const totals = await deps.db.read.connections.totals(row.tenantId, row.id);
  const active = [...deps.active.values()].find((run) => run.tenantId === row.tenantId && run.connectionId === row.id);
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    origin: row.origin,
    baseUrl: row.baseUrl,
    organization: row.organization,
    project: row.project,
    hasApiKey: row.apiKeyCipher !== null,
    isEnabled: row.isEnabled,
    syncCron: row.syncCron,
    isSyncEnabled: row.isSyncEnabled,
    nextTicks: row.isEnabled && row.isSyncEnabled ? nextTicks(row.syncCron) : [],
    removalGraceSeconds: row.removalGraceS,
    concurrency: row.concurrency,
    health: presentHealth(row),
    ...totals,
    lastCompleteSyncAt: row.completeSyncAtMs === null ? null : toSeconds(row.completeSyncAtMs),
    activeRunId: active?.runId ?? null,
    createdAt: toSeconds(row.createdAtMs),
  };
}
