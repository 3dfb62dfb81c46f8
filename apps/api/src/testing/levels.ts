import type { ConnectionLevels, Levels, TenantLevels } from '../metrics/read-levels.ts';
import { PARTS } from '../telemetry/readiness.ts';

/** Levels of a connection where all is well, but for what is given. */
export function connectionLevels(fields: Partial<ConnectionLevels> = {}): ConnectionLevels {
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

/** Levels of an installation with one tenant, which has these connections. */
export function levelsOf(connections: readonly ConnectionLevels[], fields: Partial<Levels> = {}): Levels {
  return {
    freeBytes: 2 ** 30,
    readiness: { checks: ALL_WELL, degraded: {} },
    tenants: [tenantLevels(connections)],
    ...fields,
  };
}

export function tenantLevels(connections: readonly ConnectionLevels[], tenantId = 'acme'): TenantLevels {
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

export const ALL_WELL = Object.fromEntries(PARTS.map((part) => [part, 'ok'])) as Levels['readiness']['checks'];
