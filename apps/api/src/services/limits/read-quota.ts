import { QuotaLimits, SomeQuotaLimits } from '@espejo/contracts';
import { type LimitName, type QuotaLimits as Quota, UNLIMITED } from '@espejo/core';
import type { Repositories } from '@espejo/db';

/** Parses the stored form: an unknown limit of a newer version is ignored. */
const StoredOverrides = SomeQuotaLimits.strip();

/** The plan of a tenant without one. */
export const BUILT_IN_PLAN = { id: 'unlimited', name: 'Unlimited' } as const;

export interface TenantQuota {
  readonly plan: { readonly id: string; readonly name: string };
  /** From the plan only. */
  readonly planLimits: Quota;
  readonly overrides: SomeQuotaLimits;
  /** Plan and overrides combined: what the operator allows. */
  readonly limits: Quota;
}

const FREE: TenantQuota = { plan: BUILT_IN_PLAN, planLimits: UNLIMITED, overrides: {}, limits: UNLIMITED };

/** The stored limits of a plan. */
export function parseQuotaLimits(stored: unknown): QuotaLimits {
  return QuotaLimits.parse(stored);
}

/** What the operator allows a tenant, from the last committed state or inside a transaction. */
export async function readQuota(read: Pick<Repositories, 'plans'>, tenantId: string): Promise<TenantQuota> {
  const given = await read.plans.ofTenant(tenantId);
  if (given === undefined) return FREE;
  const { planId, planName, limits, overrides } = given;
  const planLimits = limits === null ? UNLIMITED : parseQuotaLimits(limits);
  const own = StoredOverrides.parse(overrides);
  return {
    plan: planName === null ? BUILT_IN_PLAN : { id: planId, name: planName },
    planLimits,
    overrides: own,
    limits: withChanges(planLimits, own),
  };
}

/** Limits with some of them replaced; an undefined one stays. */
export function withChanges(limits: Quota, changes: SomeQuotaLimits): Quota {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...limits, ...Object.fromEntries(given) };
}

/** One limit set by the operator. */
export async function readQuotaMax(
  read: Pick<Repositories, 'plans'>,
  tenantId: string,
  name: LimitName,
): Promise<number | null> {
  return (await readQuota(read, tenantId)).limits[name];
}
