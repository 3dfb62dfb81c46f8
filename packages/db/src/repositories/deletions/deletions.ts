import { and, count, desc, eq, inArray, lt, or } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { deletion, deletionPlan } from '../../schema/index.ts';

export type DeletionRow = typeof deletion.$inferSelect;
export type DeletionPatch = Partial<Omit<DeletionRow, 'tenantId' | 'id'>>;
export type DeletionPlanRow = typeof deletionPlan.$inferSelect;

/** Deletions and their plans. */
export function createDeletionRepository({ orm, statement }: Handle) {
  const byId = (tenantId: string, id: string) => and(eq(deletion.tenantId, tenantId), eq(deletion.id, id));
  return {
    async putPlan(row: DeletionPlanRow): Promise<void> {
      await orm
        .insert(deletionPlan)
        .values(row)
        .onConflictDoUpdate({ target: [deletionPlan.tenantId, deletionPlan.hash], set: row });
    },
    async findPlan(tenantId: string, hash: string): Promise<DeletionPlanRow | undefined> {
      const rows = await orm
        .select()
        .from(deletionPlan)
        .where(and(eq(deletionPlan.tenantId, tenantId), eq(deletionPlan.hash, hash)))
        .limit(1);
      return rows[0];
    },
    /** A plan is used once, by the caller that removes it. False when it is already gone. */
    async removePlan(tenantId: string, hash: string): Promise<boolean> {
      return statement('delete from deletion_plan where tenant_id = ? and hash = ?').run(tenantId, hash).changes > 0;
    },
    /** Removes plans that were not used. */
    async removePlansBefore(tenantId: string, beforeMs: number): Promise<void> {
      await orm
        .delete(deletionPlan)
        .where(and(eq(deletionPlan.tenantId, tenantId), lt(deletionPlan.createdAtMs, beforeMs)));
    },
    async insert(row: DeletionRow): Promise<void> {
      await orm.insert(deletion).values(row);
    },
    async update(tenantId: string, id: string, patch: DeletionPatch): Promise<void> {
      await orm.update(deletion).set(patch).where(byId(tenantId, id));
    },
    async find(tenantId: string, id: string): Promise<DeletionRow | undefined> {
      const rows = await orm.select().from(deletion).where(byId(tenantId, id)).limit(1);
      return rows[0];
    },
    /** The open deletion that was started from a plan. */
    async findOpenOf(tenantId: string, planHash: string): Promise<string | undefined> {
      return statement(
        `select id from deletion where tenant_id = ? and plan_hash = ? and status in ('waiting', 'running')
          order by created_at_ms desc limit 1`,
      )
        .pluck()
        .get(tenantId, planHash) as string | undefined;
    },
    async listOpen(tenantId: string): Promise<DeletionRow[]> {
      return orm
        .select()
        .from(deletion)
        .where(and(eq(deletion.tenantId, tenantId), inArray(deletion.status, ['waiting', 'running'])))
        .orderBy(deletion.createdAtMs);
    },
    async countOpen(tenantId: string): Promise<number> {
      return statement(
        `select count(*) from deletion indexed by deletion_open where tenant_id = ? and status in ('waiting', 'running')`,
      )
        .pluck()
        .get(tenantId) as number;
    },
    /** Newest first, after a key. */
    async list(input: {
      tenantId: string;
      status: DeletionRow['status'] | undefined;
      after: { createdAtMs: number; id: string } | undefined;
      limit: number;
    }): Promise<{ rows: DeletionRow[]; total: number }> {
      const { tenantId, status, after, limit } = input;
      const filter = and(
        eq(deletion.tenantId, tenantId),
        status === undefined ? undefined : eq(deletion.status, status),
      );
      const keyset =
        after &&
        or(
          lt(deletion.createdAtMs, after.createdAtMs),
          and(eq(deletion.createdAtMs, after.createdAtMs), lt(deletion.id, after.id)),
        );
      const totals = await orm.select({ total: count() }).from(deletion).where(filter);
      const rows = await orm
        .select()
        .from(deletion)
        .where(and(filter, keyset))
        .orderBy(desc(deletion.createdAtMs), desc(deletion.id))
        .limit(limit);
      return { rows, total: totals[0]?.total ?? 0 };
    },
    /** Finished deletions from before an instant, the oldest first. */
    async listFinishedBefore(tenantId: string, beforeMs: number, limit: number): Promise<string[]> {
      return statement(
        `select id from deletion where tenant_id = ? and status in ('succeeded', 'cancelled') and finished_at_ms < ?
          order by finished_at_ms, id limit ?`,
      )
        .pluck()
        .all(tenantId, beforeMs, limit) as string[];
    },
    async remove(tenantId: string, id: string): Promise<void> {
      await orm.delete(deletion).where(byId(tenantId, id));
    },
  };
}
