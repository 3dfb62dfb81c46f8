import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';
import type { ConnectionLevels, Levels } from './read-levels.ts';

const connection = (fields: Partial<ConnectionLevels> = {}): ConnectionLevels => ({
  id: 'conn_1',
  syncLagS: 12.5,
  isReviewPending: false,
  isHealthy: true,
  storeCount: 3,
  fileCount: 7,
  usageBytes: 1000,
  costUsdPerMonth: 0.25,
  requestCount: 10,
  rateLimitedCount: 0,
  ...fields,
});
const levels = (connections: readonly ConnectionLevels[]): Levels => ({
  ingestionPending: 4,
  deletionsOpen: { waiting: 1, running: 2 },
  deletionsParked: 3,
  transfersRunning: 1,
  primaryStores: 5,
  ownBytes: 99,
  connections,
});

describe('metrics', () => {
  it('say how things stand when they are asked', async () => {
    let now = levels([
      connection(),
      connection({ id: 'conn_2', syncLagS: null, isReviewPending: true, isHealthy: false }),
    ]);
    const metrics = createMetrics(async () => now);
    const first = await metrics.scrape();
    expect(first.contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const line of [
      'espejo_ingestion_queue_files 4',
      'espejo_deletions{state="parked"} 3',
      'espejo_sync_lag_seconds{connection="conn_1"} 12.5',
      'espejo_sync_review_pending{connection="conn_2"} 1',
      'espejo_connection_healthy{connection="conn_2"} 0',
      'espejo_storage_cost_usd_per_month{connection="conn_1"} 0.25',
      'espejo_upstream_requests_total{connection="conn_1"} 10',
    ]) {
      expect(first.text.split('\n')).toContain(line);
    }
    expect(first.text, 'a sync that never was has no lag').not.toContain(
      'espejo_sync_lag_seconds{connection="conn_2"}',
    );
    now = levels([connection()]);
    expect((await metrics.scrape()).text, 'a connection that is gone').not.toContain(
      'espejo_connection_healthy{connection="conn_2"}',
    );
  });

  it('count on when a count they follow begins anew', async () => {
    let requestCount = 10;
    const metrics = createMetrics(async () => levels([connection({ requestCount })]));
    await metrics.scrape();
    requestCount = 15;
    await metrics.scrape();
    requestCount = 2;
    expect((await metrics.scrape()).text).toContain('espejo_upstream_requests_total{connection="conn_1"} 17\n');
  });

  it('have latencies as histograms, by operation and class of status', async () => {
    const metrics = createMetrics(async () => levels([]));
    const request = { protocol: 'console', operation: 'listFiles', method: 'GET' } as const;
    metrics.observeRequest({ ...request, status: 200, durationMs: 3 });
    metrics.observeRequest({ ...request, status: 404, durationMs: 700 });
    const { text } = await metrics.scrape();
    const labels = 'protocol="console",operation="listFiles",method="GET",status=';
    expect(text).toContain(`espejo_http_request_duration_seconds_bucket{le="0.005",${labels}"2xx"} 1\n`);
    expect(text).toContain(`espejo_http_request_duration_seconds_bucket{le="0.5",${labels}"4xx"} 0\n`);
    expect(text).toContain(`espejo_http_request_duration_seconds_count{${labels}"4xx"} 1\n`);
  });
});
