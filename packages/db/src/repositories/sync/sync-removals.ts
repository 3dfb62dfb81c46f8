import type { ItemKind } from '@espejo/core';
import type { Handle } from '../../connect.ts';

export interface RemovalItem {
  readonly id: string;
  readonly name: string | null;
}

/** What a run that waits for approval would remove, item by item. */
export function createSyncRemovalRepository({ statement }: Handle) {
  return {
    async insert(tenantId: string, runId: string, kind: ItemKind, items: readonly RemovalItem[]): Promise<void> {
      const insert = statement(
        'insert or ignore into sync_removal (tenant_id, run_id, kind, item_id, name) values (?, ?, ?, ?, ?)',
      );
      for (const item of items) insert.run(tenantId, runId, kind, item.id, item.name);
    },
    /**
     * Whether all of these items are among those of the run: an approval covers a subset of what was approved, never
     * more.
     */
    async coversAll(tenantId: string, runId: string, kind: ItemKind, ids: readonly string[]): Promise<boolean> {
      const uncovered = statement(
        `select 1 from json_each(?) wanted where not exists (
           select 1 from sync_removal where tenant_id = ? and run_id = ? and kind = ? and item_id = wanted.value) limit 1`,
      ).get(JSON.stringify(ids), tenantId, runId, kind);
      return uncovered === undefined;
    },
    async list(tenantId: string, runId: string, kind: ItemKind, limit: number): Promise<RemovalItem[]> {
      const rows = statement(
        'select item_id, name from sync_removal where tenant_id = ? and run_id = ? and kind = ? order by item_id limit ?',
      )
        .raw()
        .all(tenantId, runId, kind, limit) as [string, string | null][];
      return rows.map(([id, name]) => ({ id, name }));
    },
    async removeOfRun(tenantId: string, runId: string): Promise<void> {
      statement('delete from sync_removal where tenant_id = ? and run_id = ?').run(tenantId, runId);
    },
  };
}
