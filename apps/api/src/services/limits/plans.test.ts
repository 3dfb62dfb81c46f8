import { asOperator, UNLIMITED } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { createPrimaryHarness, NOW_MS, TENANT } from '../../testing/primary-harness.ts';
import { createPlan, deletePlan, listPlans, updatePlan } from './manage-plans.ts';
import { getTenantPlan, putTenantPlan } from './tenant-plan.ts';

const by = asOperator({ tenantId: TENANT, actor: 'operator', requestId: null, address: null });
const CUSTOMER = 'tenant-b';

async function setUp() {
  const h = await createPrimaryHarness();
  await h.db.transaction((tx) => tx.tenants.ensure({ id: CUSTOMER, name: 'B', createdAtMs: NOW_MS }));
  const { deps } = h;
  const audit = async () => {
    const filter = { tenantId: TENANT, text: undefined, actor: undefined, kind: 'plan' };
    return (await h.db.read.audit.list(filter, null, 10)).map(({ action, subject, detail }) => [
      action,
      subject,
      detail,
    ]);
  };
  const team = () => createPlan(deps, { by, body: { id: 'team', name: 'Team', limits: { storesMax: 5 } } });
  return { deps, audit, team, advance: h.advance };
}

describe('plans', () => {
  it('are created, changed limit by limit, and deleted, each with an audit entry', async () => {
    const { deps, audit, team, advance } = await setUp();
    const made = await team();
    expect(made).toEqual({
      id: 'team',
      name: 'Team',
      isBuiltIn: false,
      limits: { ...UNLIMITED, storesMax: 5 },
      createdAt: NOW_MS / 1000,
      updatedAt: NOW_MS / 1000,
    });
    advance(1_000);
    const body = { limits: { storesMax: null, searchesPerDayMax: 10 } };
    const after = await updatePlan(deps, { by, id: 'team', body });
    expect(after).toEqual({
      ...made,
      limits: { ...UNLIMITED, searchesPerDayMax: 10 },
      updatedAt: NOW_MS / 1000 + 1,
    });
    const { data } = await listPlans(deps);
    expect(data.map(({ id, isBuiltIn }) => [id, isBuiltIn])).toEqual([
      ['unlimited', true],
      ['team', false],
    ]);
    await deletePlan(deps, { by, id: 'team' });
    expect((await listPlans(deps)).data).toHaveLength(1);
    expect(await audit()).toEqual([
      ['plan.deleted', 'team', { name: 'Team', limits: after.limits }],
      [
        'plan.updated',
        'team',
        { before: { name: 'Team', limits: made.limits }, after: { name: 'Team', limits: after.limits } },
      ],
      ['plan.created', 'team', { name: 'Team', limits: made.limits }],
    ]);
  });

  it('have unique ids; the built-in plan cannot be changed, and one in use cannot be deleted', async () => {
    const { deps, audit, team } = await setUp();
    await team();
    await expect(team()).rejects.toMatchObject({ code: 'duplicate_name' });
    const unlimited = { by, id: 'unlimited', body: { limits: {} } };
    await expect(
      createPlan(deps, { by, body: { ...unlimited.body, id: 'unlimited', name: 'x' } }),
    ).rejects.toMatchObject({ code: 'duplicate_name' });
    await expect(updatePlan(deps, unlimited)).rejects.toMatchObject({ code: 'plan_read_only' });
    await expect(deletePlan(deps, unlimited)).rejects.toMatchObject({ code: 'plan_read_only' });
    await expect(deletePlan(deps, { by, id: 'none' })).rejects.toMatchObject({ code: 'plan_not_found' });
    await putTenantPlan(deps, { by, tenantId: CUSTOMER, body: { planId: 'team', overrides: {} } });
    await expect(deletePlan(deps, { by, id: 'team' })).rejects.toMatchObject({
      code: 'plan_in_use',
      details: { tenantIds: [CUSTOMER] },
    });
    expect(await audit()).toHaveLength(2);
  });
});

describe('the plan of a tenant', () => {
  it('is unlimited until one is set, with overrides of single limits', async () => {
    const { deps, audit, team } = await setUp();
    expect(await getTenantPlan(deps, { tenantId: CUSTOMER })).toMatchObject({
      plan: { id: 'unlimited', isBuiltIn: true },
      overrides: {},
      limits: UNLIMITED,
    });
    await team();
    const overrides = { storesMax: null, searchesPerDayMax: 3 };
    const given = await putTenantPlan(deps, { by, tenantId: CUSTOMER, body: { planId: 'team', overrides } });
    expect(given).toMatchObject({ plan: { id: 'team' }, overrides, limits: { ...UNLIMITED, searchesPerDayMax: 3 } });
    expect(await getTenantPlan(deps, { tenantId: CUSTOMER })).toEqual(given);
    expect((await audit())[0]).toEqual([
      'plan.assigned',
      CUSTOMER,
      { before: { planId: 'unlimited', overrides: {} }, after: { planId: 'team', overrides } },
    ]);
    // A limit omitted from the next overrides is the plan's again.
    const back = await putTenantPlan(deps, { by, tenantId: CUSTOMER, body: { planId: 'team', overrides: {} } });
    expect(back.limits).toEqual({ ...UNLIMITED, storesMax: 5 });
  });

  it('is rejected for an unknown tenant or plan', async () => {
    const { deps } = await setUp();
    const put = (tenantId: string, planId: string) =>
      putTenantPlan(deps, { by, tenantId, body: { planId, overrides: {} } });
    await expect(put('nobody', 'unlimited')).rejects.toMatchObject({ code: 'tenant_not_found' });
    await expect(put(CUSTOMER, 'none')).rejects.toMatchObject({ code: 'plan_not_found' });
    await expect(getTenantPlan(deps, { tenantId: 'nobody' })).rejects.toMatchObject({ code: 'tenant_not_found' });
  });
});
