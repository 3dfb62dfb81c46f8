import { eq } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { plan, tenantPlan } from '../../schema/index.ts';

/** A plan; callers check its limits. */
export interface PlanRecord {
  readonly id: string;
  readonly name: string;
  readonly limits: unknown;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** The plan of a tenant. `planName` and `limits` are null where the plan has no row: the built-in one. */
export interface TenantPlanRecord {
  readonly planId: string;
  readonly planName: string | null;
  readonly limits: unknown;
  readonly overrides: unknown;
}

/** Plans of the installation, and which tenant has which. */
export function createPlanRepository({ orm, statement }: Handle) {
  return {
    async list(): Promise<PlanRecord[]> {
      const rows = await orm.select().from(plan).orderBy(plan.createdAtMs, plan.id);
      return rows.map((row) => ({ ...row, limits: JSON.parse(row.limits) }));
    },
    async find(id: string): Promise<PlanRecord | undefined> {
      const row = (await orm.select().from(plan).where(eq(plan.id, id)).limit(1))[0];
      return row && { ...row, limits: JSON.parse(row.limits) };
    },
    /** Creates the plan, or replaces its values. */
    async put(record: PlanRecord): Promise<void> {
      const row = { ...record, limits: JSON.stringify(record.limits) };
      await orm.insert(plan).values(row).onConflictDoUpdate({ target: plan.id, set: row });
    },
    async remove(id: string): Promise<void> {
      await orm.delete(plan).where(eq(plan.id, id));
    },
    /** The plan of a tenant; undefined: it has none. Read at every request, so it is one statement. */
    async ofTenant(tenantId: string): Promise<TenantPlanRecord | undefined> {
      const row = statement(
        `select t.plan_id, p.name, p.limits, t.overrides
           from tenant_plan t left join plan p on p.id = t.plan_id where t.tenant_id = ?`,
      )
        .raw()
        .get(tenantId) as [string, string | null, string | null, string] | undefined;
      if (row === undefined) return undefined;
      const [planId, planName, limits, overrides] = row;
      return {
        planId,
        planName,
        limits: limits === null ? null : JSON.parse(limits),
        overrides: JSON.parse(overrides),
      };
    },
    async assign(tenantId: string, given: { planId: string; overrides: unknown; nowMs: number }): Promise<void> {
      const row = {
        tenantId,
        planId: given.planId,
        overrides: JSON.stringify(given.overrides),
        updatedAtMs: given.nowMs,
      };
      await orm.insert(tenantPlan).values(row).onConflictDoUpdate({ target: tenantPlan.tenantId, set: row });
    },
    /** Tenants that have a plan, in the order of their ids. */
    async listTenantsOf(planId: string): Promise<string[]> {
      return statement('select tenant_id from tenant_plan where plan_id = ? order by tenant_id')
        .pluck()
        .all(planId) as string[];
    },
  };
}
