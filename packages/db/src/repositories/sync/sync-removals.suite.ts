import { expect, it } from 'vitest';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, useTwoTenants } from '../../testing/two-tenants.ts';

export function syncRemovalsSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);
  const covers = (ids: readonly string[], kind: 'vector_stores' | 'files' = 'vector_stores', runId = 'run-1') =>
    t.db.read.syncRemovals.coversAll(MINE, runId, kind, ids);
  const insert = (runId: string, kind: 'vector_stores' | 'files', ...ids: readonly string[]) =>
    t.db.transaction((tx) =>
      tx.syncRemovals.insert(
        MINE,
        runId,
        kind,
        ids.map((id) => ({ id, name: `name of ${id}` })),
      ),
    );

  it("returns no removal to a tenant that has none, for another tenant's ids", async () => {
    expect(await t.db.read.syncRemovals.list(MINE, 'run-1', 'vector_stores', 10)).toEqual([]);
    expect(await covers(['vs_1'])).toBe(false);
  });

  it('covers a subset of the removals of a run and nothing more', async () => {
    await insert('run-1', 'vector_stores', 'vs_1', 'vs_2');
    await insert('run-1', 'files', 'file-1');
    await insert('run-2', 'vector_stores', 'vs_3');
    expect(await covers([])).toBe(true);
    expect(await covers(['vs_2'])).toBe(true);
    expect(await covers(['vs_2', 'vs_1'])).toBe(true);
    expect(await covers(['vs_1', 'vs_3'])).toBe(false);
    expect(await covers(['file-1'])).toBe(false);
    expect(await covers(['vs_1'], 'files')).toBe(false);
    expect(await covers(['vs_3'], 'vector_stores', 'run-2')).toBe(true);
  });

  it('lists each removal once, by id, up to a limit, and deletes them with their run', async () => {
    await insert('run-1', 'vector_stores', 'vs_2', 'vs_1');
    await insert('run-1', 'vector_stores', 'vs_1', 'vs_3');
    await insert('run-2', 'vector_stores', 'vs_1');
    const list = (limit: number, runId = 'run-1') => t.db.read.syncRemovals.list(MINE, runId, 'vector_stores', limit);
    expect(await list(2)).toEqual([
      { id: 'vs_1', name: 'name of vs_1' },
      { id: 'vs_2', name: 'name of vs_2' },
    ]);
    expect(await list(10)).toHaveLength(3);
    await t.db.transaction((tx) => tx.syncRemovals.removeOfRun(MINE, 'run-1'));
    expect(await list(10)).toEqual([]);
    expect(await list(10, 'run-2')).toHaveLength(1);
  });
}
