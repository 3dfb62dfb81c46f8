import { expect, it } from 'vitest';
import { changeRow, NOW_MS } from '../../testing/rows.ts';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, useTwoTenants } from '../../testing/two-tenants.ts';
import type { ChangeAction, SyncChangeRecord } from './sync-changes.ts';

export function syncChangesSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);
  const put = (...changes: readonly SyncChangeRecord[]) => t.db.transaction((tx) => tx.syncChanges.put(changes));
  const ofRun = (runId: string, input: { action?: ChangeAction; after?: string; limit?: number } = {}) =>
    t.db.read.syncChanges.listOfRun({
      tenantId: MINE,
      runId,
      action: undefined,
      after: undefined,
      limit: 100,
      ...input,
    });
  const ofStore = (storeId: string, input: { after?: { atMs: number; runId: string }; limit?: number } = {}) =>
    t.db.read.syncChanges.listOfStore({ tenantId: MINE, storeId, after: undefined, limit: 100, ...input });

  it("returns no change to a tenant that has none, for another tenant's ids", async () => {
    expect(await ofRun('run-1')).toEqual({ rows: [], total: 0 });
    expect(await ofStore('vs_1')).toEqual({ rows: [], total: 0 });
  });

  it('keeps every field; a second record of a store in a run replaces the first', async () => {
    const change = changeRow(MINE, 'run-1', 'vs_1', {
      storeName: 'n',
      action: 'returned',
      fields: [{ field: 'metadata', before: { a: '1' }, after: null }],
      filesAdded: 3,
      filesChanged: 2,
      filesRemoved: 1,
      filesMissing: 4,
      fileIds: { added: ['a'], changed: ['b'], removed: ['c'], missing: ['d'] },
      message: 'm',
    });
    await put(changeRow(MINE, 'run-1', 'vs_1'), change, changeRow(MINE, 'run-1', 'vs_2'));
    const { rows, total } = await ofRun('run-1');
    expect(total).toBe(2);
    expect(rows[0]).toEqual(change);
  });

  it('pages by store within a run, and by action', async () => {
    const ids = Array.from({ length: 7 }, (_, i) => `vs_${i}`);
    await put(...ids.map((id, i) => changeRow(MINE, 'run-1', id, { action: i % 2 === 0 ? 'added' : 'removed' })));
    const first = await ofRun('run-1', { limit: 4 });
    expect(first.rows.map((row) => row.storeId)).toEqual(ids.slice(0, 4));
    const rest = await ofRun('run-1', { limit: 4, after: 'vs_3' });
    expect(rest.rows.map((row) => row.storeId)).toEqual(ids.slice(4));
    expect(rest.total).toBe(7);
    const added = await ofRun('run-1', { action: 'added', after: 'vs_0' });
    expect(added).toMatchObject({ total: 4, rows: [{ storeId: 'vs_2' }, { storeId: 'vs_4' }, { storeId: 'vs_6' }] });
  });

  it("lists a store's history newest first, without dry runs", async () => {
    const runs = Array.from({ length: 9 }, (_, i) => `run-${i}`);
    await put(
      ...runs.map((id, i) => changeRow(MINE, id, 'vs_1', { atMs: NOW_MS + (i % 3) })),
      changeRow(MINE, 'run-dry', 'vs_1', { isDryRun: true }),
      changeRow(MINE, 'run-0', 'vs_2'),
    );
    const wanted = [8, 5, 2, 7, 4, 1, 6, 3, 0].map((i) => `run-${i}`);
    const seen: string[] = [];
    for (let after: { atMs: number; runId: string } | undefined; ; ) {
      const page = await ofStore('vs_1', { ...(after === undefined ? {} : { after }), limit: 2 });
      expect(page.total).toBe(9);
      seen.push(...page.rows.map((row) => row.runId));
      after = page.rows.at(-1);
      if (after === undefined) break;
    }
    expect(seen).toEqual(wanted);
  });

  it('removes changes with their run, or with their connection', async () => {
    const elsewhere = { connectionId: 'conn-2' };
    await put(
      changeRow(MINE, 'run-1', 'vs_1'),
      changeRow(MINE, 'run-2', 'vs_1'),
      changeRow(MINE, 'run-3', 'vs_1', elsewhere),
    );
    await t.db.transaction((tx) => tx.syncChanges.removeOfRun(MINE, 'run-1'));
    expect((await ofStore('vs_1')).total).toBe(2);
    await t.db.transaction((tx) => tx.syncChanges.removeAllOf(MINE, 'conn'));
    expect((await ofStore('vs_1')).rows).toMatchObject([{ runId: 'run-3' }]);
  });
}
