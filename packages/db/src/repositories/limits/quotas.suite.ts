import { describe, expect, it } from 'vitest';
import { NOW_MS } from '../../testing/rows.ts';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, THEIRS, useTwoTenants } from '../../testing/two-tenants.ts';

export function quotasSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);
  const searches = (day: number, tenantId = MINE) => ({ tenantId, name: 'searches', day });

  describe('tenant plans', () => {
    const plan = { id: 'team', name: 'Team', limits: { storesMax: 5 }, createdAtMs: NOW_MS, updatedAtMs: NOW_MS };

    it('are inserted, read, replaced and removed', async () => {
      await t.db.transaction((tx) => tx.plans.put(plan));
      expect(await t.db.read.plans.find('team')).toEqual(plan);
      const after = { ...plan, name: 'Teams', limits: { storesMax: null }, updatedAtMs: NOW_MS + 1 };
      await t.db.transaction((tx) => tx.plans.put(after));
      expect(await t.db.read.plans.list()).toEqual([after]);
      await t.db.transaction((tx) => tx.plans.remove('team'));
      expect(await t.db.read.plans.find('team')).toBeUndefined();
    });

    it('are limited to one per tenant, with overrides for that tenant', async () => {
      const assign = (tenantId: string, planId: string, overrides: object) =>
        t.db.transaction((tx) => tx.plans.assign(tenantId, { planId, overrides, nowMs: NOW_MS }));
      await t.db.transaction((tx) => tx.plans.put(plan));
      expect(await t.db.read.plans.ofTenant(MINE)).toBeUndefined();
      await assign(MINE, 'team', {});
      await assign(MINE, 'team', { storesMax: null });
      await assign(THEIRS, 'unlimited', {});
      expect(await t.db.read.plans.ofTenant(MINE)).toEqual({
        planId: 'team',
        planName: 'Team',
        limits: { storesMax: 5 },
        overrides: { storesMax: null },
      });
      expect(await t.db.read.plans.ofTenant(THEIRS)).toMatchObject({
        planId: 'unlimited',
        planName: null,
        limits: null,
      });
      expect(await t.db.read.plans.listTenantsOf('team')).toEqual([MINE]);
    });
  });

  describe('usage counters of a day', () => {
    it('add up by tenant, name and day, and never fall below 0', async () => {
      const add = (day: number, amount: number) =>
        t.db.transaction((tx) => tx.usageCounters.add(searches(day), amount));
      await t.db.transaction((tx) => tx.usageCounters.add(searches(7, THEIRS), 90));
      expect(await t.db.read.usageCounters.value(searches(7))).toBe(0);
      expect([await add(7, 3), await add(7, 4), await add(8, 1)]).toEqual([3, 7, 1]);
      expect([await add(8, -5), await add(9, -1), await add(9, 2)]).toEqual([0, 0, 2]);
      expect(await t.db.read.usageCounters.value({ ...searches(7), name: 'tokens' })).toBe(0);
    });

    it('are removed by day', async () => {
      for (const day of [1, 2, 3]) await t.db.transaction((tx) => tx.usageCounters.add(searches(day), 1));
      await t.db.transaction((tx) => tx.usageCounters.add(searches(1, THEIRS), 1));
      await t.db.transaction((tx) => tx.usageCounters.removeBefore(MINE, 3));
      const left = await Promise.all([1, 2, 3].map((day) => t.db.read.usageCounters.value(searches(day))));
      expect([...left, await t.db.read.usageCounters.value(searches(1, THEIRS))]).toEqual([0, 0, 1, 1]);
    });
  });
}
