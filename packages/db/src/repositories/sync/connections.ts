import { and, eq, sql } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { connection, toolUse } from '../../schema/index.ts';

export type ConnectionRow = typeof connection.$inferSelect;
export type ConnectionPatch = Partial<Omit<ConnectionRow, 'tenantId' | 'id' | 'createdAtMs'>>;

export interface ConnectionTotals {
  readonly storeCount: number;
  readonly fileCount: number;
  readonly usageBytes: number;
}

export function createConnectionRepository({ orm, statement }: Handle) {
  const byId = (tenantId: string, id: string) => and(eq(connection.tenantId, tenantId), eq(connection.id, id));
  // Read by every list request, so its SQL is made once.
  const all = orm
    .select()
    .from(connection)
    .where(eq(connection.tenantId, sql.placeholder('tenantId')))
    .orderBy(connection.createdAtMs, connection.id)
    .prepare();
  return {
    async list(tenantId: string): Promise<ConnectionRow[]> {
      return all.all({ tenantId });
    },
    async find(tenantId: string, id: string): Promise<ConnectionRow | undefined> {
      const rows = await orm.select().from(connection).where(byId(tenantId, id)).limit(1);
      return rows[0];
    },
    async insert(row: ConnectionRow): Promise<void> {
      await orm.insert(connection).values(row);
    },
    /** Changes the fields that are given; an empty patch changes nothing. */
    async update(tenantId: string, id: string, patch: ConnectionPatch): Promise<void> {
      if (Object.values(patch).every((value) => value === undefined)) return;
      await orm.update(connection).set(patch).where(byId(tenantId, id));
    },
    async remove(tenantId: string, id: string): Promise<void> {
      await orm.delete(toolUse).where(and(eq(toolUse.tenantId, tenantId), eq(toolUse.connectionId, id)));
      await orm.delete(connection).where(byId(tenantId, id));
    },
    /** The number of mirrored rows of a connection. */
    async totals(tenantId: string, id: string): Promise<ConnectionTotals> {
      const [storeCount, usageBytes] = statement(
        'select count(*), coalesce(sum(usage_bytes), 0) from vector_store where tenant_id = ? and connection_id = ?',
      )
        .raw()
        .get(tenantId, id) as [number, number];
      const [fileCount] = statement('select count(*) from file where tenant_id = ? and connection_id = ?')
        .raw()
        .get(tenantId, id) as [number];
      return { storeCount, usageBytes, fileCount };
    },
  };
}
