import type { FieldChange } from '@espejo/core';
import { and, asc, count, desc, eq, gt, lt, or, type SQL } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { syncChange } from '../../schema/index.ts';

type Row = typeof syncChange.$inferSelect;
export type ChangeAction = Row['action'];

export interface ChangedFileIds {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly missing: readonly string[];
}

export interface SyncChangeRecord extends Omit<Row, 'fields' | 'fileIds'> {
  readonly fields: readonly FieldChange[];
  readonly fileIds: ChangedFileIds;
}

export function createSyncChangeRepository({ orm }: Handle) {
  async function page(where: SQL | undefined, keyset: SQL | undefined, order: SQL[], limit: number) {
    const totals = await orm.select({ total: count() }).from(syncChange).where(where);
    const rows = await orm
      .select()
      .from(syncChange)
      .where(and(where, keyset))
      .orderBy(...order)
      .limit(limit);
    return { rows: rows.map(toRecord), total: totals[0]?.total ?? 0 };
  }
  return {
    /** Adds a run's changes; a second record of a store in a run replaces the first. */
    async put(changes: readonly SyncChangeRecord[]): Promise<void> {
      for (const change of changes) {
        const row = { ...change, fields: JSON.stringify(change.fields), fileIds: JSON.stringify(change.fileIds) };
        await orm
          .insert(syncChange)
          .values(row)
          .onConflictDoUpdate({ target: [syncChange.tenantId, syncChange.runId, syncChange.storeId], set: row });
      }
    },
    /** One store's history, newest first; dry runs changed nothing and are left out. */
    async listOfStore(input: {
      tenantId: string;
      storeId: string;
      after: { atMs: number; runId: string } | undefined;
      limit: number;
    }) {
      const { tenantId, storeId, after, limit } = input;
      return page(
        and(eq(syncChange.tenantId, tenantId), eq(syncChange.storeId, storeId), eq(syncChange.isDryRun, false)),
        after &&
          or(lt(syncChange.atMs, after.atMs), and(eq(syncChange.atMs, after.atMs), lt(syncChange.runId, after.runId))),
        [desc(syncChange.atMs), desc(syncChange.runId)],
        limit,
      );
    },
    /** The changes of one run, store by store. */
    async listOfRun(input: {
      tenantId: string;
      runId: string;
      action: ChangeAction | undefined;
      after: string | undefined;
      limit: number;
    }) {
      const { tenantId, runId, action, after, limit } = input;
      return page(
        and(eq(syncChange.tenantId, tenantId), eq(syncChange.runId, runId), action && eq(syncChange.action, action)),
        after === undefined ? undefined : gt(syncChange.storeId, after),
        [asc(syncChange.storeId)],
        limit,
      );
    },
    async removeOfRun(tenantId: string, runId: string): Promise<void> {
      await orm.delete(syncChange).where(and(eq(syncChange.tenantId, tenantId), eq(syncChange.runId, runId)));
    },
    async removeAllOf(tenantId: string, connectionId: string): Promise<void> {
      await orm
        .delete(syncChange)
        .where(and(eq(syncChange.tenantId, tenantId), eq(syncChange.connectionId, connectionId)));
    },
  };
}

function toRecord(row: Row): SyncChangeRecord {
  return {
    ...row,
    fields: JSON.parse(row.fields) as FieldChange[],
    fileIds: JSON.parse(row.fileIds) as ChangedFileIds,
  };
}
