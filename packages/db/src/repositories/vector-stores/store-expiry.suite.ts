import { DAY_S, type ExpiryPolicy, expiresAt, toStoreForm } from '@espejo/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mirrorStores, NOW_MS, NOW_S, storeRow } from '../../testing/rows.ts';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, useTwoTenants } from '../../testing/two-tenants.ts';

const WEEK_S = 7 * DAY_S;

export function storeExpirySuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);
  const find = (id: string) => t.db.read.vectorStores.find(MINE, id);
  const status = async (id: string) => (await find(id))?.status;
  const edit = (id: string, expiryPolicy: ExpiryPolicy | null, nowS = NOW_S) =>
    t.db.transaction((tx) => tx.vectorStores.edit(MINE, id, { expiryPolicy }, nowS * 1000));
  const touch = async (id: string, nowS: number) =>
    (await t.db.transaction((tx) => tx.storeExpiry.touch(MINE, id, nowS))) !== undefined;
  const expire = (id: string, nowS: number) => t.db.transaction((tx) => tx.storeExpiry.expire(MINE, id, nowS * 1000));
  const trash = (id: string, nowS: number) => t.db.transaction((tx) => tx.trash.put(MINE, id, nowS * 1000));
  const purge = (id: string, from: 'trashed' | 'expired', beforeS: number) =>
    t.db.transaction((tx) => tx.trash.purge(MINE, id, from, beforeS * 1000));
  const due = async (nowS: number) => (await t.db.read.storeExpiry.listDue(MINE, nowS, 10)).map(({ id }) => id);
  const toWarn = async (nowS: number) =>
    (await t.db.read.storeExpiry.listToWarn(MINE, nowS, WEEK_S, 10)).map(({ id }) => id);

  /** A primary store, created at NOW_S. */
  async function own(id: string, policy: ExpiryPolicy): Promise<void> {
    const row = { tenantId: MINE, id, name: id, createdAtS: NOW_S, nowMs: NOW_MS };
    await t.db.transaction((tx) => tx.vectorStores.insertPrimary(row));
    await edit(id, policy);
  }

  it('moves last use and expiry forward in one write when the store is used', async () => {
    await own('vs_own', { kind: 'after_last_active', days: 3 });
    expect(await touch('vs_own', NOW_S + 100)).toBe(true);
    expect(await find('vs_own')).toMatchObject({ lastActiveAt: NOW_S + 100, expiresAt: NOW_S + 100 + 3 * DAY_S });
    // A use that arrives late, or from a clock that is behind, moves nothing back.
    expect(await touch('vs_own', NOW_S + 50)).toBe(true);
    expect(await find('vs_own')).toMatchObject({ lastActiveAt: NOW_S + 100, expiresAt: NOW_S + 100 + 3 * DAY_S });
  });

  it('does not move with use when the policy counts from something else', async () => {
    for (const policy of [
      { kind: 'after_creation', durationS: 500 },
      { kind: 'at', instantS: NOW_S + 500 },
    ] as const) {
      await own(policy.kind, policy);
      await touch(policy.kind, NOW_S + 100);
      expect(await find(policy.kind)).toMatchObject({
        lastActiveAt: NOW_S + 100,
        expiresAt: NOW_S + 500,
        expiresAfter: null,
        expiryPolicy: policy,
      });
    }
  });

  it('always equals what policy and anchors give, after any history of edits and uses', async () => {
    let stores = 0;
    const policy: fc.Arbitrary<ExpiryPolicy> = fc.oneof(
      fc.constant({ kind: 'never' } as const),
      fc.integer({ min: 1, max: 400 }).map((days) => ({ kind: 'after_last_active', days }) as const),
      fc.integer({ min: 60, max: WEEK_S }).map((durationS) => ({ kind: 'after_creation', durationS }) as const),
      fc.integer({ min: 1, max: WEEK_S }).map((laterS) => ({ kind: 'at', instantS: NOW_S + laterS }) as const),
    );
    const act = fc.record({ laterS: fc.integer({ min: 0, max: 2 * DAY_S }), policy: fc.option(policy) });
    const property = fc.asyncProperty(fc.array(act, { maxLength: 8 }), async (history) => {
      stores += 1;
      const id = `vs_${stores}_own`;
      await own(id, { kind: 'never' });
      let nowS = NOW_S;
      for (const { laterS, policy } of history) {
        nowS += laterS;
        if (policy === null) await touch(id, nowS);
        else await edit(id, policy, nowS);
        const row = await find(id);
        if (row?.expiryPolicy == null) throw new Error('no policy');
        const anchors = { createdAtS: row.createdAt, lastActiveAtS: row.lastActiveAt };
        expect(row.expiresAt).toBe(expiresAt(row.expiryPolicy, anchors));
        // OpenAI's form is set where it expresses exactly this, and only there.
        const form = toStoreForm(row.expiryPolicy, { ...anchors, nowS });
        expect(row.expiresAfter).toEqual(form.result === 'exact' ? form.value : null);
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('takes effect to the second, for live primary stores only', async () => {
    await own('vs_own', { kind: 'after_creation', durationS: 60 });
    await own('vs_trashed', { kind: 'after_creation', durationS: 60 });
    await own('vs_never', { kind: 'never' });
    await trash('vs_trashed', NOW_S);
    await mirrorStores(t.db, { tenantId: MINE }, [storeRow('vs_mirror', { expiresAt: NOW_S })]);
    expect(await due(NOW_S + 59)).toEqual([]);
    expect(await due(NOW_S + 60)).toEqual(['vs_own']);
    for (const id of ['vs_trashed', 'vs_never', 'vs_mirror']) expect(await expire(id, NOW_S + WEEK_S)).toBe(false);
    expect(await expire('vs_own', NOW_S + 59)).toBe(false);
    expect(await expire('vs_own', NOW_S + 60)).toBe(true);
    expect(await find('vs_own')).toMatchObject({ status: 'expired', expiredAtMs: (NOW_S + 60) * 1000 });
    expect(await expire('vs_own', NOW_S + 61)).toBe(false);
    expect(await due(NOW_S + WEEK_S)).toEqual([]);
  });

  it('is not undone by a later use, recorded or not', async () => {
    await own('vs_own', { kind: 'after_last_active', days: 1 });
    expect(await touch('vs_own', NOW_S + DAY_S)).toBe(false);
    await expire('vs_own', NOW_S + DAY_S);
    // An expired store, and a use that its own clock says came in time.
    expect(await touch('vs_own', NOW_S + DAY_S - 1)).toBe(false);
    expect(await find('vs_own')).toMatchObject({ status: 'expired', lastActiveAt: NOW_S, expiresAt: NOW_S + DAY_S });
    await mirrorStores(t.db, { tenantId: MINE }, [storeRow('vs_mirror')]);
    for (const id of ['vs_mirror', 'vs_nobody']) expect(await touch(id, NOW_S + 1)).toBe(false);
  });

  it('is undone by a policy that ends later, and by no other edit', async () => {
    await own('vs_own', { kind: 'after_last_active', days: 1 });
    await expire('vs_own', NOW_S + DAY_S);
    const nowS = NOW_S + 2 * DAY_S;
    await t.db.transaction((tx) => tx.vectorStores.edit(MINE, 'vs_own', { name: 'x' }, nowS * 1000));
    await edit('vs_own', { kind: 'after_last_active', days: 2 }, nowS);
    expect(await status('vs_own')).toBe('expired');
    await edit('vs_own', { kind: 'after_last_active', days: 3 }, nowS);
    expect(await find('vs_own')).toMatchObject({ status: 'completed', expiredAtMs: null, lastActiveAt: NOW_S });
    await expire('vs_own', NOW_S + 3 * DAY_S);
    await edit('vs_own', null, NOW_S + 9 * DAY_S);
    expect(await find('vs_own')).toMatchObject({ status: 'completed', expiredAtMs: null, expiresAt: null });
  });

  it('is announced once each time it comes near', async () => {
    await own('vs_own', { kind: 'after_last_active', days: 30 });
    const startS = NOW_S + 23 * DAY_S;
    expect(await toWarn(startS - 1)).toEqual([]);
    expect(await toWarn(startS)).toEqual(['vs_own']);
    await t.db.transaction((tx) => tx.storeExpiry.markWarned(MINE, 'vs_own', startS * 1000));
    expect(await toWarn(startS + DAY_S)).toEqual([]);
    // Used meanwhile: it expires 30 days later, and is announced again 23 days later.
    await touch('vs_own', startS + DAY_S);
    expect(await toWarn(startS + 2 * DAY_S)).toEqual([]);
    expect(await toWarn(startS + 24 * DAY_S)).toEqual(['vs_own']);
    // Too late for a warning.
    expect(await toWarn(startS + 31 * DAY_S)).toEqual([]);
  });

  it('is undone when it came too early because the clock was ahead', async () => {
    await own('vs_own', { kind: 'after_creation', durationS: DAY_S });
    await expire('vs_own', NOW_S + DAY_S);
    const premature = async (nowS: number) =>
      (await t.db.read.storeExpiry.listPremature(MINE, nowS, 10)).map(({ id }) => id);
    const unexpire = (nowS: number) => t.db.transaction((tx) => tx.storeExpiry.unexpire(MINE, 'vs_own', nowS * 1000));
    expect(await premature(NOW_S + DAY_S)).toEqual([]);
    expect(await unexpire(NOW_S + DAY_S)).toBe(false);
    expect(await premature(NOW_S + DAY_S - 1)).toEqual(['vs_own']);
    expect(await unexpire(NOW_S + DAY_S - 1)).toBe(true);
    expect(await find('vs_own')).toMatchObject({ status: 'completed', expiredAtMs: null });
  });

  it('is kept while the store is in the trash', async () => {
    await own('vs_own', { kind: 'after_creation', durationS: 60 });
    await expire('vs_own', NOW_S + 60);
    await trash('vs_own', NOW_S + 70);
    expect(await status('vs_own')).toBe('trashed');
    await t.db.transaction((tx) => tx.trash.restore(MINE, 'vs_own', NOW_MS));
    expect(await status('vs_own')).toBe('expired');
  });

  it('lets a store be purged that expired before an instant and still is expired', async () => {
    await own('vs_own', { kind: 'after_creation', durationS: 60 });
    expect(await purge('vs_own', 'expired', NOW_S + WEEK_S)).toBe(false);
    await expire('vs_own', NOW_S + 100);
    const before = (beforeS: number) => t.db.read.storeExpiry.listExpiredBefore(MINE, beforeS * 1000, 10);
    expect(await before(NOW_S + 99)).toEqual([]);
    expect(await before(NOW_S + 100)).toEqual(['vs_own']);
    expect(await purge('vs_own', 'trashed', NOW_S + WEEK_S)).toBe(false);
    expect(await purge('vs_own', 'expired', NOW_S + 99)).toBe(false);
    // Restored and expired again, at another time.
    await edit('vs_own', { kind: 'after_creation', durationS: 300 }, NOW_S + 200);
    expect(await purge('vs_own', 'expired', NOW_S + WEEK_S)).toBe(false);
    await expire('vs_own', NOW_S + 300);
    expect(await purge('vs_own', 'expired', NOW_S + 200)).toBe(false);
    expect(await purge('vs_own', 'expired', NOW_S + 300)).toBe(true);
    expect(await find('vs_own')).toBeUndefined();
  });

  it('never applies to a mirror: no purge and no trash, not even when upstream calls it expired', async () => {
    const row = storeRow('vs_mirror', { status: 'expired', expiresAt: NOW_S - WEEK_S });
    await mirrorStores(t.db, { tenantId: MINE }, [row]);
    const before = await find('vs_mirror');
    expect(await t.db.read.storeExpiry.listExpiredBefore(MINE, NOW_MS, 10)).toEqual([]);
    expect(await t.db.read.storeExpiry.listPremature(MINE, 0, 10)).toEqual([]);
    await trash('vs_mirror', NOW_S);
    for (const from of ['trashed', 'expired'] as const) expect(await purge('vs_mirror', from, NOW_S)).toBe(false);
    expect(await find('vs_mirror')).toEqual(before);
  });
}
