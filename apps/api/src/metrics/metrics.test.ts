import { describe, expect, it } from 'vitest';
import { createTimings } from '../telemetry/timings.ts';
import { ALL_WELL, connectionLevels, metricsSnapshotOf, tenantLevels } from '../testing/levels.ts';
import { createMetrics } from './metrics.ts';

describe('metrics', () => {
  it('report the present state at each scrape', async () => {
    let now = metricsSnapshotOf([
      connectionLevels(),
      connectionLevels({ id: 'conn_2', syncLagS: null, isReviewPending: true, isHealthy: false }),
    ]);
    const metrics = createMetrics(async () => now, createTimings());
    const first = await metrics.scrape();
    expect(first.contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const line of [
      'espejo_ingestion_queue_files{tenant="acme"} 4',
      'espejo_deletions{tenant="acme",state="parked"} 3',
      'espejo_sync_lag_seconds{tenant="acme",connection="conn_1"} 12.5',
      'espejo_sync_review_pending{tenant="acme",connection="conn_2"} 1',
      'espejo_connection_healthy{tenant="acme",connection="conn_2"} 0',
      'espejo_storage_cost_usd_per_month{tenant="acme",connection="conn_1"} 0.25',
      'espejo_upstream_requests_total{tenant="acme",connection="conn_1"} 10',
      'espejo_sync_last_run_seconds{tenant="acme",connection="conn_1"} 1.5',
      'espejo_data_free_bytes 1073741824',
      'espejo_part_ready{part="database"} 1',
      'espejo_degraded{trouble="upstream"} 0',
    ]) {
      expect(first.text.split('\n')).toContain(line);
    }
    expect(first.text, 'a sync that never ran has no lag').not.toContain(
      'espejo_sync_lag_seconds{tenant="acme",connection="conn_2"}',
    );
    now = metricsSnapshotOf([connectionLevels()]);
    expect((await metrics.scrape()).text, 'a deleted connection').not.toContain(
      'espejo_connection_healthy{tenant="acme",connection="conn_2"}',
    );
  });

  it('keep counting when a count they follow restarts', async () => {
    let requestCount = 10;
    const metrics = createMetrics(async () => metricsSnapshotOf([connectionLevels({ requestCount })]), createTimings());
    await metrics.scrape();
    requestCount = 15;
    await metrics.scrape();
    requestCount = 2;
    expect((await metrics.scrape()).text).toContain(
      'espejo_upstream_requests_total{tenant="acme",connection="conn_1"} 17\n',
    );
  });

  it('tell tenants apart whose connections have the same id', async () => {
    const tenants = [
      tenantLevels([connectionLevels({ storeCount: 1, requestCount: 7 })], 'acme'),
      tenantLevels([connectionLevels({ storeCount: 2, requestCount: 9 })], 'globex'),
    ];
    const { text } = await createMetrics(async () => metricsSnapshotOf([], { tenants }), createTimings()).scrape();
    expect(text).toContain('espejo_mirrored_stores{tenant="acme",connection="conn_1"} 1\n');
    expect(text).toContain('espejo_mirrored_stores{tenant="globex",connection="conn_1"} 2\n');
    expect(text).toContain('espejo_upstream_requests_total{tenant="globex",connection="conn_1"} 9\n');
  });

  it('have latencies as histograms, by operation and class of status', async () => {
    const metrics = createMetrics(async () => metricsSnapshotOf([]), createTimings());
    const request = { protocol: 'console', operation: 'listFiles', method: 'GET' } as const;
    metrics.observeRequest({ ...request, status: 200, durationMs: 3 });
    metrics.observeRequest({ ...request, status: 404, durationMs: 700 });
    const { text } = await metrics.scrape();
    const labels = 'protocol="console",operation="listFiles",method="GET",status=';
    expect(text).toContain(`espejo_http_request_duration_seconds_bucket{le="0.005",${labels}"2xx"} 1\n`);
    expect(text).toContain(`espejo_http_request_duration_seconds_bucket{le="0.5",${labels}"4xx"} 0\n`);
    expect(text).toContain(`espejo_http_request_duration_seconds_count{${labels}"4xx"} 1\n`);
  });

  it('name the failing part and the degradation', async () => {
    const readiness = {
      checks: { ...ALL_WELL, blobs: 'It is not a directory.' },
      degraded: { upstream: 'One is not well.' },
    };
    const { text } = await createMetrics(async () => metricsSnapshotOf([], { readiness }), createTimings()).scrape();
    expect(text).toContain('espejo_part_ready{part="blobs"} 0\n');
    expect(text).toContain('espejo_part_ready{part="stores"} 1\n');
    expect(text).toContain('espejo_degraded{trouble="upstream"} 1\n');
    expect(text).toContain('espejo_degraded{trouble="disk"} 0\n');
  });

  it('count the events of parser processes, starting at zero', async () => {
    const timings = createTimings();
    timings.countParserEvent('ended_for_memory');
    const { text } = await createMetrics(async () => metricsSnapshotOf([]), timings).scrape();
    expect(text).toContain('espejo_parser_processes_total{event="ended_for_memory"} 1\n');
    expect(text).toContain('espejo_parser_processes_total{event="ended_for_time"} 0\n');
  });

  it('time background work and requests upstream, with 429 apart from other errors', async () => {
    const timings = createTimings();
    timings.observeWork('index_search', true, 0.004);
    timings.observeWork('index_search', false, 7);
    for (const status of [200, 404, 429, null])
      timings.observeUpstream({ tenantId: 'acme', id: 'conn_1' }, status, 0.2);
    const { text } = await createMetrics(async () => metricsSnapshotOf([]), timings).scrape();
    const work = 'kind="index_search",outcome=';
    expect(text).toContain(`espejo_work_duration_seconds_bucket{le="0.005",${work}"ok"} 1\n`);
    expect(text).toContain(`espejo_work_duration_seconds_bucket{le="5",${work}"failed"} 0\n`);
    for (const status of ['2xx', '4xx', '429', 'none'])
      expect(text).toContain(
        `espejo_upstream_request_duration_seconds_count{tenant="acme",connection="conn_1",status="${status}"} 1\n`,
      );
  });
});
