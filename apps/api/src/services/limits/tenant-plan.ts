import { AppError, type ByOperator } from '@espejo/core';
import type { Repositories } from '@espejo/db';
import type { RecordContext } from '../context/app-context.ts';
import type { PutTenantPlanInput } from './inputs.ts';
import { audit, findPlan, presentBuiltIn, presentPlan } from './manage-plans.ts';
import { BUILT_IN_PLAN, readQuota } from './read-quota.ts';
import type { TenantPlan } from './views.ts';

/** The plan of a tenant, its overrides, and both combined. Throws `tenant_not_found`. */
export async function getTenantPlan(deps: RecordContext, { tenantId }: { tenantId: string }): Promise<TenantPlan> {
  await assertTenant(deps.db.read, tenantId);
  return presentTenantPlan(deps.db.read, tenantId);
}

/** Replaces a tenant's plan and overrides. Existing data stays. */
export async function putTenantPlan(
  deps: RecordContext,
  input: { by: ByOperator; tenantId: string; body: PutTenantPlanInput },
): Promise<TenantPlan> {
  const { by, tenantId, body } = input;
  return deps.db.transaction(async (tx) => {
    await assertTenant(tx, tenantId);
    const { planId, overrides } = body;
    if (planId !== BUILT_IN_PLAN.id) await findPlan(tx, planId);
    const before = await readQuota(tx, tenantId);
    const nowMs = deps.clock.nowMs();
    await tx.plans.assign(tenantId, { planId, overrides, nowMs });
    await audit(tx, by, {
      atMs: nowMs,
      action: 'plan.assigned',
      subject: tenantId,
      detail: { before: { planId: before.plan.id, overrides: before.overrides }, after: { planId, overrides } },
    });
    return presentTenantPlan(tx, tenantId);
  });
}

async function assertTenant(read: Pick<Repositories, 'tenants'>, tenantId: string): Promise<void> {
  if ((await read.tenants.list()).some(({ id }) => id === tenantId)) return;
  throw new AppError('tenant_not_found', `There is no tenant '${tenantId}'.`);
}

async function presentTenantPlan(read: Pick<Repositories, 'plans'>, tenantId: string): Promise<TenantPlan> {
  const { plan, overrides, limits } = await readQuota(read, tenantId);
  return {
    tenantId,
    plan: plan.id === BUILT_IN_PLAN.id ? presentBuiltIn() : presentPlan(await findPlan(read, plan.id)),
    overrides,
    limits: { ...limits, allowedMimeTypes: limits.allowedMimeTypes === null ? null : [...limits.allowedMimeTypes] },
  };
}
