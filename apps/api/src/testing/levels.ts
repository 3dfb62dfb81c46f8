import type { ConnectionMetrics, MetricsSnapshot, TenantMetrics } from '../metrics/collect-metrics.ts';
import { PARTS } from '../telemetry/readiness.ts';

/** The values of a healthy connection, with overrides. */
export function connectionLevels(fields: Partial<ConnectionMetrics> = {}): ConnectionMetrics {
  return {
    id: 'conn_1',
    syncLagS: 12.5,
    lastRunS: 1.5,
    isReviewPending: false,
    isHealthy: true,
    storeCount: 3,
    fileCount: 7,
    usageBytes: 1000,
    costUsdPerMonth: 0.25,
    requestCount: 10,
    rateLimitedCount: 0,
    ...fields,
  };
}

/** The values of an installation with one tenant, which has these connections. */
export function metricsSnapshotOf(
  connections: readonly ConnectionMetrics[],
  fields: Partial<MetricsSnapshot> = {},
): MetricsSnapshot {
  return {
    freeBytes: 2 ** 30,
    readiness: { checks: ALL_WELL, degraded: {} },
    wrongKeys: { refused: 2, throttled: 1 },
    tenants: [tenantLevels(connections)],
    ...fields,
  };
}

export function tenantLevels(connections: readonly ConnectionMetrics[], tenantId = 'acme'): TenantMetrics {
  return {
    tenantId,
    ingestionPending: 4,
    deletionsOpen: { waiting: 1, running: 2 },
    deletionsParked: 3,
    transfersRunning: 1,
    primaryStores: 5,
    ownBytes: 99,
    connections,
  };
}

export const ALL_WELL = Object.fromEntries(PARTS.map((part) => [part, 'ok'])) as MetricsSnapshot['readiness']['checks'];
