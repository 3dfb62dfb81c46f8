import { monthlyCostUsd, type StorageRates } from '@espejo/core';
import type { ConnectionRow, Database } from '@espejo/db';
import type { UpstreamPort } from '@espejo/upstream';
import type { Clock } from '../ports.ts';
import type { WrongKeyCounts } from '../services/api-keys/wrong-keys.ts';
import type { Readiness } from '../telemetry/readiness.ts';

export interface MetricsContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly upstreamFor: (connection: ConnectionRow) => Pick<UpstreamPort, 'requestCount' | 'rateLimitedCount'>;
  readonly freeBytes: () => Promise<number>;
  readonly readiness: () => Promise<Readiness>;
  readonly wrongKeys: { counts(): WrongKeyCounts };
  readonly ratesOf: (tenantId: string) => Promise<StorageRates>;
}

/** The state of one connection. */
export interface ConnectionMetrics {
  readonly id: string;
  /** Seconds since the last complete sync; null: there was none. */
  readonly syncLagS: number | null;
  /** A sync stopped before removing anything and waits for approval. */
  readonly isReviewPending: boolean;
  /** Duration of the newest sync that ended; null: none has. */
  readonly lastRunS: number | null;
  readonly isHealthy: boolean;
  readonly storeCount: number;
  readonly fileCount: number;
  readonly usageBytes: number;
  readonly costUsdPerMonth: number;
  /** Since the process started or the connection's settings changed. */
  readonly requestCount: number;
  readonly rateLimitedCount: number;
}

/** The amounts of a tenant, and how much of them waits. */
export interface TenantMetrics {
  readonly tenantId: string;
  readonly ingestionPending: number;
  readonly deletionsOpen: Readonly<Record<'waiting' | 'running', number>>;
  readonly deletionsParked: number;
  readonly transfersRunning: number;
  readonly primaryStores: number;
  readonly ownBytes: number;
  readonly connections: readonly ConnectionMetrics[];
}

/** All measured values at one moment. */
export interface MetricsSnapshot {
  readonly freeBytes: number;
  readonly readiness: Readiness;
  readonly wrongKeys: WrongKeyCounts;
  readonly tenants: readonly TenantMetrics[];
}

/** Reads the values of the process and of every tenant. */
export async function collectMetrics(deps: MetricsContext): Promise<MetricsSnapshot> {
  const tenants: TenantMetrics[] = [];
  for (const { id } of await deps.db.read.tenants.list()) tenants.push(await readTenant(deps, id));
  return {
    freeBytes: await deps.freeBytes(),
    readiness: await deps.readiness(),
    wrongKeys: deps.wrongKeys.counts(),
    tenants,
  };
}

async function readTenant(deps: MetricsContext, tenantId: string): Promise<TenantMetrics> {
  const { read } = deps.db;
  const [connections, open, parked, running, rates] = await Promise.all([
    read.connections.list(tenantId),
    read.deletions.listOpen(tenantId),
    read.deletions.list({ tenantId, status: 'parked', after: undefined, limit: 1 }),
    read.transfers.listRunning(tenantId),
    deps.ratesOf(tenantId),
  ]);
  return {
    tenantId,
    ingestionPending: await read.ingestionQueue.countPending(tenantId),
    deletionsOpen: {
      waiting: open.filter((row) => row.status === 'waiting').length,
      running: open.filter((row) => row.status === 'running').length,
    },
    deletionsParked: parked.total,
    transfersRunning: running.length,
    primaryStores: await read.primaryStores.count(tenantId),
    ownBytes: await read.primaryFiles.sumBytes(tenantId, Math.floor(deps.clock.nowMs() / 1000)),
    connections: await Promise.all(connections.map((row) => readConnection(deps, row, rates))),
  };
}

async function readConnection(
  deps: MetricsContext,
  row: ConnectionRow,
  rates: StorageRates,
): Promise<ConnectionMetrics> {
  const { read } = deps.db;
  const { storeCount, fileCount, usageBytes } = await read.connections.totals(row.tenantId, row.id);
  const latest = await read.syncRuns.findLatestReal(row.tenantId, row.id);
  const { requestCount, rateLimitedCount } = deps.upstreamFor(row);
  return {
    id: row.id,
    syncLagS: row.completeSyncAtMs === null ? null : (deps.clock.nowMs() - row.completeSyncAtMs) / 1000,
    isReviewPending: latest?.status === 'needs_review' && row.approvedRunId !== latest.id,
    lastRunS: latest?.finishedAtMs == null ? null : (latest.finishedAtMs - latest.startedAtMs) / 1000,
    isHealthy: row.healthStatus === 'ok',
    storeCount,
    fileCount,
    usageBytes,
    costUsdPerMonth: monthlyCostUsd(usageBytes, rates),
    requestCount,
    rateLimitedCount,
  };
}
