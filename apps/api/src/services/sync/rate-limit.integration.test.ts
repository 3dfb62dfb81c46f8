import { describe, expect, it } from 'vitest';
import { NOTHING_MARKED } from '../../testing/mirror-rows.ts';
import { createSyncHarness } from '../../testing/sync-harness.ts';

describe('row 10: a storm of 429', () => {
  it.each([
    ['with retry-after-ms', { 'retry-after-ms': '200' }],
    ['with retry-after', { 'retry-after': '2' }],
    ['without Retry-After', undefined],
  ])('makes the run wait as required (%s), send no extra requests and end completely', async (_, headers) => {
    const waitsMs: number[] = [];
    const h = await createSyncHarness({
      connection: { concurrency: 8 },
      upstream: {
        sleep: async (ms) => {
          waitsMs.push(ms);
          await new Promise((resolve) => setImmediate(resolve));
        },
      },
    });
    h.sandbox.seed({ stores: 60, filesPerStore: 2, sharedFraction: 0 });
    h.sandbox.faults.add({ kind: 'status', status: 429, headers, nth: 5, count: 12 });

    const run = await h.sync();

    expect(run).toMatchObject({ status: 'succeeded', isComplete: true, rateLimited: 12 });
    expect(h.mirror()).toEqual(h.upstream());
    // Every rejected request is sent once more, and nothing else is.
    expect(run.requests).toBe(1 + 60 + 1 + 12);
    expect(h.sandbox.requests.total).toBe(run.requests);
    if (headers !== undefined) expect(Math.min(...waitsMs)).toBe(Object.hasOwn(headers, 'retry-after') ? 2000 : 200);
    expect(h.sandbox.requests.peakInFlight).toBeLessThanOrEqual(8);
  });

  it('stops the run when it does not end: nothing is marked, and no more requests are sent', async () => {
    const h = await createSyncHarness({ connection: { removalGraceS: 0, concurrency: 4 } });
    h.sandbox.seed({ stores: 150, filesPerStore: 1 });
    await h.sync();
    h.sandbox.state.deleteStore(h.sandbox.state.storeIds()[0] ?? '');
    h.sandbox.requests.clear();
    h.sandbox.faults.add({ kind: 'status', status: 429, path: '/vector_stores/**' });
    const run = await h.sync({ isFull: true });
    expect(run).toMatchObject({ status: 'failed', error: { code: 'upstream_rate_limited' } });
    expect(h.sandbox.requests.total).toBe(5);
    expect(h.missing()).toEqual(NOTHING_MARKED);
    expect((await h.connection()).healthStatus).toBe('rate_limited');

    h.sandbox.faults.clear();
    h.sandbox.faults.add({ kind: 'status', status: 429, path: '/vector_stores/*/files' });
    h.sandbox.requests.clear();
    const partial = await h.sync({ isFull: true });
    expect(partial).toMatchObject({ status: 'partial', error: { code: 'upstream_rate_limited' } });
    expect(partial.requests).toBeLessThan(2 + (8 + 4) * 5 + 2);
    expect((await h.connection()).healthStatus).toBe('rate_limited');
    expect(h.missing().attachments).toEqual([]);
  });

  it('is not retried when the account has no credit', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 3 });
    h.sandbox.faults.add({ kind: 'status', status: 429, code: 'insufficient_quota' });
    expect(await h.sync()).toMatchObject({ status: 'failed', requests: 1, error: { code: 'upstream_rate_limited' } });
  });
});
