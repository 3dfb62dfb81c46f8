import { and, count, desc, eq, lt, ne, or, sql } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { connection, syncRun } from '../../schema/index.ts';

export type SyncRunRow = typeof syncRun.$inferSelect;
export type SyncRunPatch = Partial<Omit<SyncRunRow, 'tenantId' | 'id' | 'connectionId'>>;
export type SyncRunStatus = SyncRunRow['status'];
export interface SyncRunRecord extends SyncRunRow {
  /** Null when the connection has been removed since. */
  readonly connectionName: string | null;
}

export interface SyncRunKey {
  readonly startedAtMs: number;
  readonly id: string;
}

export function createSyncRunRepository({ orm }: Handle) {
  const byId = (tenantId: string, id: string) => and(eq(syncRun.tenantId, tenantId), eq(syncRun.id, id));
  const select = () =>
    orm
      .select({ run: syncRun, connectionName: connection.name })
      .from(syncRun)
      .leftJoin(connection, and(eq(connection.tenantId, syncRun.tenantId), eq(connection.id, syncRun.connectionId)));
  const toRecord = (row: { run: SyncRunRow; connectionName: string | null }): SyncRunRecord => ({
    ...row.run,
    connectionName: row.connectionName,
  });
  return {
    async insert(row: SyncRunRow): Promise<void> {
      await orm.insert(syncRun).values(row);
    },
    async update(tenantId: string, id: string, patch: SyncRunPatch): Promise<void> {
      await orm.update(syncRun).set(patch).where(byId(tenantId, id));
    },
    async find(tenantId: string, id: string): Promise<SyncRunRecord | undefined> {
      const rows = await select().where(byId(tenantId, id)).limit(1);
      return rows[0] === undefined ? undefined : toRecord(rows[0]);
    },
    /** Newest first, after a key. */
    async list(input: {
      tenantId: string;
      connectionId: string | undefined;
      status: SyncRunStatus | undefined;
      after: SyncRunKey | undefined;
      limit: number;
    }): Promise<{ rows: SyncRunRecord[]; total: number }> {
      const { tenantId, connectionId, status, after, limit } = input;
      const filter = and(
        eq(syncRun.tenantId, tenantId),
        connectionId === undefined ? undefined : eq(syncRun.connectionId, connectionId),
        status === undefined ? undefined : eq(syncRun.status, status),
      );
      const totals = await orm.select({ total: count() }).from(syncRun).where(filter);
      const keyset =
        after === undefined
          ? undefined
          : or(
              lt(syncRun.startedAtMs, after.startedAtMs),
              and(eq(syncRun.startedAtMs, after.startedAtMs), lt(syncRun.id, after.id)),
            );
      const rows = await select()
        .where(and(filter, keyset))
        .orderBy(desc(syncRun.startedAtMs), desc(syncRun.id))
        .limit(limit);
      return { rows: rows.map(toRecord), total: totals[0]?.total ?? 0 };
    },
    async listRunning(tenantId: string): Promise<SyncRunRow[]> {
      return orm
        .select()
        .from(syncRun)
        .where(and(eq(syncRun.tenantId, tenantId), eq(syncRun.status, 'running')));
    },
    /** The newest finished run of a connection that was no dry run. If it needs a review, that review is open. */
    async findLatestReal(tenantId: string, connectionId: string): Promise<SyncRunRow | undefined> {
      const rows = await orm
        .select()
        .from(syncRun)
        .where(
          and(
            eq(syncRun.tenantId, tenantId),
            eq(syncRun.connectionId, connectionId),
            eq(syncRun.isDryRun, false),
            ne(syncRun.status, 'running'),
            ne(syncRun.status, 'cancelled'),
            // A run that failed before it made a plan does not affect an open review.
            or(ne(syncRun.status, 'failed'), sql`${syncRun.plan} is not null`),
          ),
        )
        .orderBy(desc(syncRun.startedAtMs), desc(syncRun.id))
        .limit(1);
      return rows[0];
    },
    /** How the newest finished run of a connection that was no dry run ended; undefined before the first. */
    async findLatestEnd(tenantId: string, connectionId: string): Promise<SyncRunStatus | undefined> {
      const rows = await orm
        .select({ status: syncRun.status })
        .from(syncRun)
        .where(
          and(
            eq(syncRun.tenantId, tenantId),
            eq(syncRun.connectionId, connectionId),
            eq(syncRun.isDryRun, false),
            ne(syncRun.status, 'running'),
          ),
        )
        .orderBy(desc(syncRun.startedAtMs), desc(syncRun.id))
        .limit(1);
      return rows[0]?.status;
    },
    /** Ids of finished runs that began before `beforeMs`. */
    async listFinishedBefore(tenantId: string, beforeMs: number, limit: number): Promise<string[]> {
      const rows = await orm
        .select({ id: syncRun.id })
        .from(syncRun)
        .where(and(eq(syncRun.tenantId, tenantId), lt(syncRun.startedAtMs, beforeMs), ne(syncRun.status, 'running')))
        .limit(limit);
      return rows.map((row) => row.id);
    },
    async remove(tenantId: string, id: string): Promise<void> {
      await orm.delete(syncRun).where(byId(tenantId, id));
    },
    async removeAllOf(tenantId: string, connectionId: string): Promise<void> {
      await orm.delete(syncRun).where(and(eq(syncRun.tenantId, tenantId), eq(syncRun.connectionId, connectionId)));
    },
  };
}
