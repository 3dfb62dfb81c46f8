import { and, count, desc, eq, lt, or, type SQL } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { transfer } from '../../schema/index.ts';

export type TransferRow = typeof transfer.$inferSelect;
export type TransferPatch = Partial<Omit<TransferRow, 'tenantId' | 'id'>>;

/** Copies of stores, from upstream and to it. */
export function createTransferRepository({ orm, statement }: Handle) {
  const byId = (tenantId: string, id: string) => and(eq(transfer.tenantId, tenantId), eq(transfer.id, id));
  return {
    async insert(row: TransferRow): Promise<void> {
      await orm.insert(transfer).values(row);
    },
    async update(tenantId: string, id: string, patch: TransferPatch): Promise<void> {
      await orm.update(transfer).set(patch).where(byId(tenantId, id));
    },
    async find(tenantId: string, id: string): Promise<TransferRow | undefined> {
      return (await orm.select().from(transfer).where(byId(tenantId, id)).limit(1))[0];
    },
    async listRunning(tenantId: string): Promise<TransferRow[]> {
      return orm
        .select()
        .from(transfer)
        .where(and(eq(transfer.tenantId, tenantId), eq(transfer.status, 'running')))
        .orderBy(transfer.createdAtMs);
    },
    /** Newest first, after a key; `storeId` matches either side. */
    async list(input: {
      readonly tenantId: string;
      readonly storeId: string | undefined;
      readonly after: { readonly createdAtMs: number; readonly id: string } | undefined;
      readonly limit: number;
    }): Promise<{ rows: TransferRow[]; total: number }> {
      const { tenantId, storeId, after, limit } = input;
      const filter = and(
        eq(transfer.tenantId, tenantId),
        storeId === undefined
          ? undefined
          : or(eq(transfer.sourceStoreId, storeId), eq(transfer.targetStoreId, storeId)),
      );
      const keyset: SQL | undefined =
        after &&
        or(
          lt(transfer.createdAtMs, after.createdAtMs),
          and(eq(transfer.createdAtMs, after.createdAtMs), lt(transfer.id, after.id)),
        );
      const totals = await orm.select({ total: count() }).from(transfer).where(filter);
      const rows = await orm
        .select()
        .from(transfer)
        .where(and(filter, keyset))
        .orderBy(desc(transfer.createdAtMs), desc(transfer.id))
        .limit(limit);
      return { rows, total: totals[0]?.total ?? 0 };
    },
    /** Whether one of two stores was ever copied into the other. */
    async isCopied(tenantId: string, storeId: string, otherId: string): Promise<boolean> {
      return (
        statement(
          `select 1 from transfer where tenant_id = ? and ((source_store_id = ? and target_store_id = ?)
             or (source_store_id = ? and target_store_id = ?)) limit 1`,
        ).get(tenantId, storeId, otherId, otherId, storeId) !== undefined
      );
    },
  };
}
