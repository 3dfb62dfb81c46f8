import { QuotaLimits, SomeQuotaLimits } from '@espejo/contracts';
import { type LimitName, type QuotaLimits as Quota, UNLIMITED } from '@espejo/core';
import type { Repositories } from '@espejo/db';

/** As it is on record: a limit that a newer version knew is not this one's to hold anybody to. */
const StoredOverrides = SomeQuotaLimits.strip();

/** What a tenant has that was given no plan. */
export const BUILT_IN_PLAN = { id: 'unlimited', name: 'Unlimited' } as const;

export interface TenantQuota {
  readonly plan: { readonly id: string; readonly name: string };
  /** Of the plan alone. */
  readonly planLimits: Quota;
  readonly overrides: SomeQuotaLimits;
  /** The two together: what the operator allows. */
  readonly limits: Quota;
}

const FREE: TenantQuota = { plan: BUILT_IN_PLAN, planLimits: UNLIMITED, overrides: {}, limits: UNLIMITED };

/** The limits of a plan as they are on record. */
export function parseQuotaLimits(stored: unknown): QuotaLimits {
  return QuotaLimits.parse(stored);
}

/** What the operator allows a tenant, as the last committed state or a transaction sees it. */
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

/** Limits with some of them set anew; one that is undefined stays. */
export function withChanges(limits: Quota, changes: SomeQuotaLimits): Quota {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...limits, ...Object.fromEntries(given) };
}

/** One limit of the operator's. */
export async function readQuotaMax(
  read: Pick<Repositories, 'plans'>,
  tenantId: string,
  name: LimitName,
): Promise<number | null> {
  return (await readQuota(read, tenantId)).limits[name];
}
