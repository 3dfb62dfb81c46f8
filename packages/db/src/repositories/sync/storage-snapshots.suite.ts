import { describe, expect, it } from 'vitest';
import { NOW_MS } from '../../testing/rows.ts';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, useTwoTenants } from '../../testing/two-tenants.ts';

export function storageSnapshotsSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);
  const snapshot = (takenAtMs: number, connectionId = 'conn', usageBytes = takenAtMs) => ({
    tenantId: MINE,
    connectionId,
    takenAtMs,
    storeCount: 2,
    fileCount: 3,
    usageBytes,
  });
  const put = (...rows: ReturnType<typeof snapshot>[]) =>
    t.db.transaction(async (tx) => {
      for (const row of rows) await tx.storageSnapshots.put(row);
    });

  describe('storage snapshots', () => {
    it('are listed by connection in the order of time, and a second one of an instant replaces the first', async () => {
      await put(snapshot(3, 'conn-2'), snapshot(2), snapshot(NOW_MS), snapshot(1), snapshot(2, 'conn', 9));
      expect(await t.db.read.storageSnapshots.list(MINE)).toEqual([
        snapshot(1),
        snapshot(2, 'conn', 9),
        snapshot(NOW_MS),
        snapshot(3, 'conn-2'),
      ]);
      expect(await t.db.read.storageSnapshots.listTimes(MINE, 'conn')).toEqual([1, 2, NOW_MS]);
    });

    it('are removed by instant, or all of a connection', async () => {
      await put(snapshot(1), snapshot(2), snapshot(NOW_MS), snapshot(2, 'conn-2'));
      await t.db.transaction(async (tx) => {
        await tx.storageSnapshots.remove(MINE, 'conn', [2, NOW_MS]);
        await tx.storageSnapshots.remove(MINE, 'conn', []);
      });
      expect(await t.db.read.storageSnapshots.list(MINE)).toEqual([snapshot(1), snapshot(2, 'conn-2')]);
      await t.db.transaction((tx) => tx.storageSnapshots.removeAllOf(MINE, 'conn'));
      expect(await t.db.read.storageSnapshots.list(MINE)).toEqual([snapshot(2, 'conn-2')]);
    });
  });
}
