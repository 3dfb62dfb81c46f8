import type { SomeQuotaLimits } from '@espejo/contracts';
import { asOperator } from '@espejo/core';
import type { Database } from '@espejo/db';
import type { Clock } from '../ports.ts';
import { putTenantPlan } from '../services/limits/tenant-plan.ts';

/** Sets these limits of a tenant and no other, as an operator. */
export async function allow(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  tenantId: string,
  overrides: SomeQuotaLimits,
): Promise<void> {
  const deps = { db, clock };
  const by = asOperator({ tenantId, actor: 'operator', requestId: null, address: null });
  await putTenantPlan(deps, { by, tenantId, body: { planId: 'unlimited', overrides } });
}

/** Runs something this many times concurrently; returns how often it succeeded and the errors of the rest. */
export async function allAtOnce(
  times: number,
  act: (turn: number) => Promise<unknown>,
): Promise<{ readonly done: number; readonly refusals: unknown[] }> {
  const ends = await Promise.allSettled(Array.from({ length: times }, (_, turn) => act(turn)));
  const refusals = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  return { done: times - refusals.length, refusals };
}
