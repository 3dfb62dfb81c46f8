import { type Authorized, hashDeletionPlan } from '@espejo/core';
import type { DeletionWorkContext } from '../../context/app-context.ts';
import type { DeletionPlan } from '../views.ts';
import { computePlan, type Decided } from './compute-plan.ts';
import type { DeletionRequest } from './plan-request.ts';
import { presentPlan } from './present-plan.ts';

/** An unused plan is deleted after this long: it would be stale anyway. */
const PLAN_RETENTION_MS = 24 * 3_600_000;

/**
 * Reads the live upstream and returns the whole consequence of a deletion, with a hash. Deletes nothing; the plan is
 * saved before any step (rule 9). Throws the upstream error when a listing it depends on did not end.
 */
export async function planDeletion(
  deps: DeletionWorkContext,
  input: { readonly by: Authorized<'delete'>; readonly request: DeletionRequest },
): Promise<DeletionPlan> {
  const { tenantId } = input.by;
  const decided = await computePlan(deps, tenantId, input.request);
  return keepPlan(deps, tenantId, input.request, decided);
}

/** Saves a plan under its hash and returns it in the API's form. */
export async function keepPlan(
  deps: DeletionWorkContext,
  tenantId: string,
  request: DeletionRequest,
  decided: Decided,
): Promise<DeletionPlan> {
  const nowMs = deps.clock.nowMs();
  const hash = hashDeletionPlan(decided.decision, request.files, decided.uses, decided.unknownTools);
  const plan = await presentPlan(deps, tenantId, request, decided, hash, nowMs);
  await deps.db.transaction(async (tx) => {
    await tx.deletions.removePlansBefore(tenantId, nowMs - PLAN_RETENTION_MS);
    await tx.deletions.putPlan({
      tenantId,
      hash,
      request: JSON.stringify(request),
      decision: JSON.stringify(decided.decision),
      plan: JSON.stringify(plan),
      createdAtMs: nowMs,
    });
  });
  return plan;
}
