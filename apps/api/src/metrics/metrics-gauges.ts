import { Counter, Gauge, type Registry } from 'prom-client';
import { DEGRADED_REASONS, PARTS } from '../telemetry/readiness.ts';
import type { ConnectionMetrics, MetricsSnapshot, TenantMetrics } from './collect-metrics.ts';

type Labels = Readonly<Record<string, string>>;

/** One metric, and how its values with their labels are read. A missing value is omitted. */
interface Gauged<T> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly read: (levels: T) => readonly (readonly [Labels, number])[];
}

const one = (value: number | null): readonly (readonly [Labels, number])[] => (value === null ? [] : [[{}, value]]);

const OF_PROCESS: readonly Gauged<MetricsSnapshot>[] = [
  {
    name: 'espejo_data_free_bytes',
    help: 'Bytes that may still be written where the data folder is.',
    read: (now) => one(now.freeBytes),
  },
  {
    name: 'espejo_part_ready',
    help: '1 while a part works; each named as by /readyz.',
    labels: ['part'],
    read: ({ readiness }) => PARTS.map((part) => [{ part }, Number(readiness.checks[part] === 'ok')]),
  },
  {
    name: 'espejo_degraded',
    help: '1 while a degradation lasts with which Espejo still works.',
    labels: ['trouble'],
    read: ({ readiness }) => DEGRADED_REASONS.map((trouble) => [{ trouble }, Number(trouble in readiness.degraded)]),
  },
];

const OF_TENANT: readonly Gauged<TenantMetrics>[] = [
  {
    name: 'espejo_ingestion_queue_files',
    help: 'Files that wait for ingestion or are being ingested.',
    read: (now) => one(now.ingestionPending),
  },
  {
    name: 'espejo_deletions',
    help: 'Deletions that are not over, by state.',
    labels: ['state'],
    read: (now) => [
      [{ state: 'waiting' }, now.deletionsOpen.waiting],
      [{ state: 'running' }, now.deletionsOpen.running],
      [{ state: 'parked' }, now.deletionsParked],
    ],
  },
  { name: 'espejo_transfers_running', help: 'Transfers in progress.', read: (now) => one(now.transfersRunning) },
  { name: 'espejo_primary_stores', help: 'Primary stores.', read: (now) => one(now.primaryStores) },
  { name: 'espejo_primary_file_bytes', help: 'Bytes of primary files.', read: (now) => one(now.ownBytes) },
];

const OF_CONNECTION: readonly Gauged<ConnectionMetrics>[] = [
  {
    name: 'espejo_sync_lag_seconds',
    help: 'Seconds since the last complete sync of a connection.',
    read: (now) => one(now.syncLagS),
  },
  {
    name: 'espejo_sync_last_run_seconds',
    help: 'Duration of the newest sync of a connection.',
    read: (now) => one(now.lastRunS),
  },
  {
    name: 'espejo_sync_review_pending',
    help: '1 while a sync waits for approval: the circuit breaker is open.',
    read: (now) => one(Number(now.isReviewPending)),
  },
  {
    name: 'espejo_connection_healthy',
    help: '1 while the connection works.',
    read: (now) => one(Number(now.isHealthy)),
  },
  {
    name: 'espejo_mirrored_stores',
    help: 'Stores in the mirror of a connection.',
    read: (now) => one(now.storeCount),
  },
  { name: 'espejo_mirrored_files', help: 'Files in the mirror of a connection.', read: (now) => one(now.fileCount) },
  {
    name: 'espejo_mirrored_usage_bytes',
    help: 'Indexed bytes of a connection, as counted upstream.',
    read: (now) => one(now.usageBytes),
  },
  {
    name: 'espejo_storage_cost_usd_per_month',
    help: 'Their estimated cost in a month of 30 days.',
    read: (now) => one(now.costUsdPerMonth),
  },
];

/** Gauges of the present state, by tenant and connection. A removed one is no longer reported. */
export function createMetricsGauges(registry: Registry): (levels: MetricsSnapshot) => void {
  const ofProcess = gaugesOf(registry, OF_PROCESS, []);
  const ofTenant = gaugesOf(registry, OF_TENANT, ['tenant']);
  const ofConnection = gaugesOf(registry, OF_CONNECTION, ['tenant', 'connection']);
  const ofOneConnection = ['tenant', 'connection'];
  const requests = followed(registry, {
    name: 'espejo_upstream_requests_total',
    help: 'Requests sent to a connection, retries included.',
    labelNames: ofOneConnection,
  });
  const limited = followed(registry, {
    name: 'espejo_upstream_rate_limited_total',
    help: 'Requests to a connection that were answered 429.',
    labelNames: ofOneConnection,
  });
  const wrongKeys = followed(registry, {
    name: 'espejo_wrong_keys_total',
    help: 'Requests with an invalid API key, by response: refused (401) or throttled (429).',
    labelNames: ['answer'],
  });
  return (levels) => {
    const connections = levels.tenants.flatMap((tenant) =>
      tenant.connections.map(
        (connection) => [{ tenant: tenant.tenantId, connection: connection.id }, connection] as const,
      ),
    );
    ofProcess([[{}, levels]]);
    ofTenant(levels.tenants.map((tenant) => [{ tenant: tenant.tenantId }, tenant]));
    ofConnection(connections);
    for (const [answer, count] of Object.entries(levels.wrongKeys)) wrongKeys({ answer }, count);
    for (const [labels, { requestCount, rateLimitedCount }] of connections) {
      requests(labels, requestCount);
      limited(labels, rateLimitedCount);
    }
  };
}

function gaugesOf<T>(
  registry: Registry,
  all: readonly Gauged<T>[],
  outerLabels: readonly string[],
): (levels: readonly (readonly [Labels, T])[]) => void {
  const gauges = all.map(({ name, help, labels = [], read }) => ({
    gauge: new Gauge({ name, help, labelNames: [...outerLabels, ...labels], registers: [registry] }),
    read,
  }));
  return (levels) => {
    for (const { gauge, read } of gauges) {
      gauge.reset();
      for (const [outer, of] of levels)
        for (const [labels, value] of read(of)) gauge.set({ ...outer, ...labels }, value);
    }
  };
}

/** A counter that follows a count kept elsewhere, which restarts at 0 when a connection's settings change. */
function followed(
  registry: Registry,
  { name, help, labelNames }: { readonly name: string; readonly help: string; readonly labelNames: readonly string[] },
): (labels: Labels, count: number) => void {
  const counter = new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
  const lastCounts = new Map<string, number>();
  return (labels, count) => {
    const key = JSON.stringify(labels);
    const last = lastCounts.get(key) ?? 0;
    counter.inc(labels, count >= last ? count - last : count);
    lastCounts.set(key, count);
  };
}
