import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ConnectionLevels, Levels } from './read-levels.ts';

/** One request that was answered. */
export interface AnsweredRequest {
  readonly protocol: 'console' | 'openai' | 'other';
  /** From the route table, never from the URL: the set of labels is closed. */
  readonly operation: string;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
}

export interface Metrics {
  observeRequest(request: AnsweredRequest): void;
  /** Everything in the text format of Prometheus, with how things stand now. */
  scrape(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The metrics of this process. `readLevels` is asked at each scrape. */
export function createMetrics(readLevels: () => Promise<Levels>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    name: 'espejo_http_request_duration_seconds',
    help: 'Time to answer a request, by operation and class of status.',
    labelNames: ['protocol', 'operation', 'method', 'status'],
    buckets: BUCKETS_S,
    registers,
  });
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });
  const levels = {
    ingestion: gauge('espejo_ingestion_queue_files', 'Files that wait to be taken into a store or are on their way.'),
    deletions: gauge('espejo_deletions', 'Deletions that are not over, by state.', ['state']),
    transfers: gauge('espejo_transfers_running', 'Copies of stores under way.'),
    stores: gauge('espejo_primary_stores', 'Stores of our own.'),
    bytes: gauge('espejo_primary_file_bytes', 'Bytes of files of our own.'),
  };
  const ofConnection = connectionGauges(gauge);
  const upstream = new Counter({
    name: 'espejo_upstream_requests_total',
    help: 'Requests sent to a connection, retries included.',
    labelNames: ['connection'],
    registers,
  });
  const rateLimited = new Counter({
    name: 'espejo_upstream_rate_limited_total',
    help: 'Requests to a connection that were answered 429.',
    labelNames: ['connection'],
    registers,
  });
  const addUpstream = adding(upstream);
  const addRateLimited = adding(rateLimited);

  return {
    observeRequest({ protocol, operation, method, status, durationMs }) {
      const statusClass = `${Math.floor(status / 100)}xx`;
      requests.observe({ protocol, operation, method, status: statusClass }, durationMs / 1000);
    },
    async scrape() {
      const now = await readLevels();
      levels.ingestion.set(now.ingestionPending);
      levels.deletions.set({ state: 'waiting' }, now.deletionsOpen.waiting);
      levels.deletions.set({ state: 'running' }, now.deletionsOpen.running);
      levels.deletions.set({ state: 'parked' }, now.deletionsParked);
      levels.transfers.set(now.transfersRunning);
      levels.stores.set(now.primaryStores);
      levels.bytes.set(now.ownBytes);
      ofConnection(now.connections);
      for (const { id, requestCount, rateLimitedCount } of now.connections) {
        addUpstream(id, requestCount);
        addRateLimited(id, rateLimitedCount);
      }
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

/** Sets what is known of each connection; one that is gone is not told of any more. */
function connectionGauges(
  gauge: (name: string, help: string, labelNames: readonly string[]) => Gauge,
): (connections: readonly ConnectionLevels[]) => void {
  const of = (name: string, help: string, value: (levels: ConnectionLevels) => number | null) => ({
    gauge: gauge(name, help, ['connection']),
    value,
  });
  const all = [
    of('espejo_sync_lag_seconds', 'Seconds since the last complete sync of a connection.', (one) => one.syncLagS),
    of('espejo_sync_review_pending', '1 while a sync waits for an approval: the circuit breaker is open.', (one) =>
      Number(one.isReviewPending),
    ),
    of('espejo_connection_healthy', '1 while the connection answers as it should.', (one) => Number(one.isHealthy)),
    of('espejo_mirrored_stores', 'Stores in the mirror of a connection.', (one) => one.storeCount),
    of('espejo_mirrored_files', 'Files in the mirror of a connection.', (one) => one.fileCount),
    of(
      'espejo_mirrored_usage_bytes',
      'Indexed bytes of a connection, as upstream counts them.',
      (one) => one.usageBytes,
    ),
    of(
      'espejo_storage_cost_usd_per_month',
      'What they cost in a month of 30 days; an estimate.',
      (one) => one.costUsdPerMonth,
    ),
  ];
  return (connections) => {
    for (const { gauge: one, value } of all) {
      one.reset();
      for (const levels of connections) {
        const level = value(levels);
        if (level !== null) one.set({ connection: levels.id }, level);
      }
    }
  };
}

/** Brings a counter up to a count kept elsewhere, which begins at 0 again when a connection's settings change. */
function adding(counter: Counter<'connection'>): (connection: string, count: number) => void {
  const lastCounts = new Map<string, number>();
  return (connection, count) => {
    const last = lastCounts.get(connection) ?? 0;
    counter.inc({ connection }, count >= last ? count - last : count);
    lastCounts.set(connection, count);
  };
}
