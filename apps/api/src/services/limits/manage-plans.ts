import { AppError, type ByOperator, toSeconds, UNLIMITED } from '@espejo/core';
import type { PlanRecord, Repositories } from '@espejo/db';
import type { RecordContext } from '../context/app-context.ts';
import type { CreatePlanInput, UpdatePlanInput } from './inputs.ts';
import { BUILT_IN_PLAN, parseQuotaLimits, withChanges } from './read-quota.ts';
import type { Plan } from './views.ts';

/** Every plan of the installation, the built-in one first. */
export async function listPlans(deps: RecordContext): Promise<{ data: Plan[] }> {
  const records = await deps.db.read.plans.list();
  return { data: [presentBuiltIn(), ...records.map(presentPlan)] };
}

/** Creates a plan. Throws `duplicate_name`. */
export async function createPlan(deps: RecordContext, input: { by: ByOperator; body: CreatePlanInput }): Promise<Plan> {
  const { by, body } = input;
  const nowMs = deps.clock.nowMs();
  const { id, name } = body;
  const limits = withChanges(UNLIMITED, body.limits);
  const record: PlanRecord = { id, name, limits, createdAtMs: nowMs, updatedAtMs: nowMs };
  await deps.db.transaction(async (tx) => {
    if (id === BUILT_IN_PLAN.id || (await tx.plans.find(id)) !== undefined) {
      throw new AppError('duplicate_name', `There is already a plan '${id}'. Change that one, or choose another id.`, {
        details: { name: id },
      });
    }
    await tx.plans.put(record);
    await audit(tx, by, { atMs: nowMs, action: 'plan.created', subject: id, detail: { name, limits } });
  });
  return presentPlan(record);
}

/** Changes a plan for every tenant that has it. Throws `plan_read_only` and `plan_not_found`. */
export async function updatePlan(
  deps: RecordContext,
  input: { by: ByOperator; id: string; body: UpdatePlanInput },
): Promise<Plan> {
  const { by, id, body } = input;
  return deps.db.transaction(async (tx) => {
    const nowMs = deps.clock.nowMs();
    const before = await findEditablePlan(tx, id);
    const limits = parseQuotaLimits(before.limits);
    const after: PlanRecord = {
      ...before,
      name: body.name ?? before.name,
      limits: withChanges(limits, body.limits),
      updatedAtMs: nowMs,
    };
    await tx.plans.put(after);
    const detail = {
      before: { name: before.name, limits },
      after: { name: after.name, limits: after.limits },
    };
    await audit(tx, by, { atMs: nowMs, action: 'plan.updated', subject: id, detail });
    return presentPlan(after);
  });
}

/** Deletes a plan that no tenant has. Throws `plan_in_use`, `plan_read_only` and `plan_not_found`. */
export async function deletePlan(deps: RecordContext, { by, id }: { by: ByOperator; id: string }): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const { name, limits } = await findEditablePlan(tx, id);
    const tenantIds = await tx.plans.listTenantsOf(id);
    if (tenantIds.length > 0) {
      throw new AppError(
        'plan_in_use',
        `The plan '${id}' is the plan of ${tenantIds.join(', ')}. Give them another one first.`,
        {
          details: { tenantIds },
        },
      );
    }
    await tx.plans.remove(id);
    await audit(tx, by, { atMs: deps.clock.nowMs(), action: 'plan.deleted', subject: id, detail: { name, limits } });
  });
}

async function findEditablePlan(tx: Repositories, id: string): Promise<PlanRecord> {
  if (id === BUILT_IN_PLAN.id) {
    throw new AppError(
      'plan_read_only',
      `The plan '${id}' is built in and cannot be changed. Create another plan, or override single limits for the tenant.`,
    );
  }
  return findPlan(tx, id);
}

export async function findPlan(read: Pick<Repositories, 'plans'>, id: string): Promise<PlanRecord> {
  const record = await read.plans.find(id);
  if (record === undefined) throw new AppError('plan_not_found', `There is no plan '${id}'.`);
  return record;
}

export async function audit(
  tx: Repositories,
  by: ByOperator,
  entry: { atMs: number; action: string; subject: string; detail: Readonly<Record<string, unknown>> },
): Promise<void> {
  await tx.audit.append(by, { outcome: 'done', ...entry });
}

export function presentBuiltIn(): Plan {
  const limits = { ...UNLIMITED, allowedMimeTypes: null };
  return { ...BUILT_IN_PLAN, isBuiltIn: true, limits, createdAt: null, updatedAt: null };
}

export function presentPlan({ id, name, limits, createdAtMs, updatedAtMs }: PlanRecord): Plan {
  return {
    id,
    name,
    isBuiltIn: false,
    limits: parseQuotaLimits(limits),
    createdAt: toSeconds(createdAtMs),
    updatedAt: toSeconds(updatedAtMs),
  };
}
