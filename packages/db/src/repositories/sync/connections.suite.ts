import { expect, it } from 'vitest';
import { connectionRow, fileRow, mirrorFiles, mirrorStores, NOW_MS, storeRow } from '../../testing/rows.ts';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, THEIRS, useTwoTenants } from '../../testing/two-tenants.ts';

export function connectionsSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);
  const insert = (...ids: string[]) =>
    t.db.transaction(async (tx) => {
      for (const id of ids) await tx.connections.insert(connectionRow(MINE, id));
    });

  it("returns no connection to a tenant that has none, for another tenant's ids", async () => {
    expect(await t.db.read.connections.list(MINE)).toEqual([]);
    expect(await t.db.read.connections.find(MINE, 'conn')).toBeUndefined();
    expect(await t.db.read.connections.totals(MINE, 'conn')).toEqual({ storeCount: 0, fileCount: 0, usageBytes: 0 });
  });

  it('keeps every field, finds connections by id and lists the oldest first', async () => {
    const young = connectionRow(MINE, 'a', {
      createdAtMs: NOW_MS + 1,
      kind: 'sandbox',
      origin: 'built_in',
      isEnabled: false,
      organization: 'org',
      project: 'proj',
      approvedRunId: 'run-1',
      seenProject: 'proj-seen',
      storesListedAtMs: 1,
      filesListedAtMs: 2,
      completeSyncAtMs: 3,
    });
    const old = connectionRow(MINE, 'conn');
    await t.db.transaction(async (tx) => {
      await tx.connections.insert(young);
      await tx.connections.insert(old);
    });
    expect(await t.db.read.connections.list(MINE)).toEqual([old, young]);
    expect(await t.db.read.connections.find(MINE, 'a')).toEqual(young);
    expect(await t.db.read.connections.find(MINE, 'other')).toBeUndefined();
  });

  it('rejects an id that exists, and leaves the first connection unchanged', async () => {
    await insert('conn');
    await expect(insert('conn')).rejects.toThrow();
    expect(await t.db.read.connections.list(MINE)).toEqual([connectionRow(MINE, 'conn')]);
  });

  it('updates and removes connections one by one', async () => {
    await insert('conn', 'conn-2');
    await t.db.transaction(async (tx) => {
      await tx.connections.update(MINE, 'conn', { name: 'new', isEnabled: false, healthMessage: 'sick' });
      await tx.connections.remove(MINE, 'conn-2');
    });
    expect(await t.db.read.connections.list(MINE)).toEqual([
      connectionRow(MINE, 'conn', { name: 'new', isEnabled: false, healthMessage: 'sick' }),
    ]);
  });

  it('changes nothing when an update is empty', async () => {
    await insert('conn');
    await t.db.transaction((tx) => tx.connections.update(MINE, 'conn', {}));
    expect(await t.db.read.connections.list(MINE)).toEqual([connectionRow(MINE, 'conn')]);
  });

  it('removes the tool uses of a connection with it', async () => {
    await insert('conn');
    const use = { source: 'containers', holderId: 'cntr_1', holderName: null, lastUsedAtS: 5 } as const;
    const states = { containers: 'read', assistants: 'absent', threads: 'absent' } as const;
    const uses = { states, usesOf: new Map([['file-1', [use]]]) };
    await t.db.transaction((tx) => tx.toolUses.replace(MINE, 'conn', uses, 7));
    expect(await t.db.read.toolUses.find(MINE, 'conn')).toEqual(uses);
    expect(await t.db.read.toolUses.find(THEIRS, 'conn')).toBeUndefined();
    await t.db.transaction((tx) => tx.toolUses.replace(MINE, 'conn', { ...uses, usesOf: new Map() }, 8));
    expect((await t.db.read.toolUses.find(MINE, 'conn'))?.usesOf.size).toBe(0);
    await t.db.transaction((tx) => tx.toolUses.replace(MINE, 'conn', uses, 9));
    await t.db.transaction((tx) => tx.connections.remove(MINE, 'conn'));
    await insert('conn');
    expect(await t.db.read.toolUses.find(MINE, 'conn')).toBeUndefined();
  });

  it('totals the mirrored rows of a connection', async () => {
    await mirrorStores(t.db, { tenantId: MINE }, [
      storeRow('vs_1', { usageBytes: 5 }),
      storeRow('vs_2', { usageBytes: 7 }),
    ]);
    await mirrorStores(t.db, { tenantId: MINE, connectionId: 'conn-2' }, [storeRow('vs_3', { usageBytes: 100 })]);
    await mirrorFiles(t.db, { tenantId: MINE }, [fileRow('file-1')]);
    expect(await t.db.read.connections.totals(MINE, 'conn')).toEqual({ storeCount: 2, fileCount: 1, usageBytes: 12 });
  });
}
