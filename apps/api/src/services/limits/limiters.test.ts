import { describe, expect, it } from 'vitest';
import { createPrimaryHarness, NOW_MS, TENANT } from '../../testing/primary-harness.ts';
import { allAtOnce, allow } from '../../testing/quotas.ts';
import { createRequestLimiter } from './request-limiter.ts';
import { createSearchLimiter } from './search-limiter.ts';

const MIDNIGHT_S = Date.UTC(2026, 0, 16) / 1000;
const THEIRS = 'tenant-b';

describe('searches per day', () => {
  it('allow one of fifty concurrent searches with one left; the other errors have the reset time', async () => {
    const { deps } = await createPrimaryHarness();
    await allow(deps, TENANT, { searchesPerDayMax: 250 });
    const meter = createSearchLimiter(deps);
    expect((await allAtOnce(249, () => meter.take(TENANT))).done).toBe(249);
    const { done, refusals } = await allAtOnce(50, () => meter.take(TENANT));
    expect(done).toBe(1);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({
        code: 'rate_limit_exceeded',
        status: 429,
        details: { limit: 'searchesPerDayMax', max: 250, present: 250, resetsAt: MIDNIGHT_S, retryAfterS: 54_000 },
      });
    }
    expect(await meter.used(TENANT)).toBe(250);
  });

  it('reset at midnight in UTC, and not before', async () => {
    const { deps, advance } = await createPrimaryHarness();
    await allow(deps, TENANT, { searchesPerDayMax: 2 });
    const meter = createSearchLimiter(deps);
    await allAtOnce(2, () => meter.take(TENANT));
    advance(MIDNIGHT_S * 1000 - 1 - NOW_MS);
    await expect(meter.take(TENANT)).rejects.toMatchObject({ details: { retryAfterS: 1 } });
    advance(1);
    expect(await meter.used(TENANT)).toBe(0);
    expect((await allAtOnce(50, () => meter.take(TENANT))).done).toBe(2);
  });

  it('are not counted twice after a crash, and are complete after a clean stop', async () => {
    const { deps } = await createPrimaryHarness();
    await allow(deps, TENANT, { searchesPerDayMax: 1_000 });
    let meter = createSearchLimiter(deps);
    await allAtOnce(5, () => meter.take(TENANT));
    await meter.close();
    meter = createSearchLimiter(deps);
    expect(await meter.used(TENANT)).toBe(5);
    await allAtOnce(5, () => meter.take(TENANT));
    // The process dies with five of a block of ten used: the others are lost, none is used twice.
    meter = createSearchLimiter(deps);
    expect(await meter.used(TENANT)).toBe(15);
    expect((await allAtOnce(2_000, () => meter.take(TENANT))).done).toBe(985);
  });

  it.each([1, 2, 300])('are shared by two processes: %i of them', async (max) => {
    const { deps } = await createPrimaryHarness();
    await allow(deps, TENANT, { searchesPerDayMax: max });
    const meters = [createSearchLimiter(deps), createSearchLimiter(deps)] as const;
    const { done } = await allAtOnce(800, (turn) => meters[turn % 2 === 0 ? 0 : 1].take(TENANT));
    expect(done).toBe(max);
  });

  it('follow a change of the plan', async () => {
    const { deps } = await createPrimaryHarness();
    const meter = createSearchLimiter(deps);
    await allAtOnce(30, () => meter.take(TENANT));
    await allow(deps, TENANT, { searchesPerDayMax: 31 });
    // The rest of the block of a hundred, taken while there was no limit, is not used.
    expect((await allAtOnce(50, () => meter.take(TENANT))).done).toBe(1);
    await allow(deps, TENANT, { searchesPerDayMax: 140 });
    expect((await allAtOnce(300, () => meter.take(TENANT))).done).toBe(109);
    await allow(deps, TENANT, { searchesPerDayMax: 0 });
    await expect(meter.take(TENANT)).rejects.toMatchObject({ code: 'rate_limit_exceeded' });
    await meter.take(THEIRS);
    expect([await meter.used(TENANT), await meter.used(THEIRS)]).toEqual([140, 1]);
  });

  it('cost no write while a block lasts, nor after the quota is used up', async () => {
    const { deps } = await createPrimaryHarness();
    await allow(deps, TENANT, { searchesPerDayMax: 500 });
    let writes = 0;
    const counting = {
      ...deps.db,
      transaction: ((work) => {
        writes += 1;
        return deps.db.transaction(work);
      }) as typeof deps.db.transaction,
    };
    const meter = createSearchLimiter({ ...deps, db: counting });
    await allAtOnce(500, () => meter.take(TENANT));
    expect(writes).toBe(100);
    expect((await allAtOnce(50, () => meter.take(TENANT))).done).toBe(0);
    expect(writes).toBe(100);
  });
});

describe('requests per minute', () => {
  it('allow a burst of one minute’s quota, then the steady rate, for each tenant separately', async () => {
    const { deps, advance } = await createPrimaryHarness();
    await allow(deps, TENANT, { requestsPerMinuteMax: 30 });
    const meter = createRequestLimiter(deps);
    expect((await allAtOnce(29, () => meter.take(TENANT))).done).toBe(29);
    const { done, refusals } = await allAtOnce(50, () => meter.take(TENANT));
    expect(done).toBe(1);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({
        code: 'rate_limit_exceeded',
        details: { limit: 'requestsPerMinuteMax', max: 30, present: 30, retryAfterS: 2 },
      });
    }
    expect(await meter.used(TENANT)).toEqual({ used: 30, resetsAtMs: NOW_MS + 60_000 });
    await meter.take(THEIRS);
    advance(2_000);
    expect((await allAtOnce(50, () => meter.take(TENANT))).done).toBe(1);
    advance(60_000);
    expect(await meter.used(TENANT)).toMatchObject({ used: 0 });
  });

  it('are not counted without a limit', async () => {
    const { deps } = await createPrimaryHarness();
    const meter = createRequestLimiter(deps);
    expect((await allAtOnce(500, () => meter.take(TENANT))).done).toBe(500);
    expect(await meter.used(TENANT)).toBeNull();
    await allow(deps, TENANT, { requestsPerMinuteMax: 1 });
    expect((await allAtOnce(50, () => meter.take(TENANT))).done).toBe(1);
  });
});
