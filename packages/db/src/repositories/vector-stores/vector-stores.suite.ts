import { expect, it } from 'vitest';
import { mirrorStores, NOW_MS, NOW_S, storeRow } from '../../testing/rows.ts';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, useTwoTenants } from '../../testing/two-tenants.ts';
import type { VectorStoreEdit } from './vector-stores.ts';

const DAY_S = 86_400;

export function vectorStoresSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);
  const own = { tenantId: MINE, id: 'vs_own', name: 'Own', createdAtS: NOW_S, nowMs: NOW_MS };
  const insertOwn = () => t.db.transaction((tx) => tx.vectorStores.insertPrimary(own));
  const edit = (change: VectorStoreEdit, id = 'vs_own') =>
    t.db.transaction((tx) => tx.vectorStores.edit(MINE, id, change, NOW_MS + 1));
  const find = (id: string) => t.db.read.vectorStores.find(MINE, id);

  it("returns no store to a tenant that has none, for another tenant's ids", async () => {
    expect(await find('vs_1')).toBeUndefined();
    expect(await find('vs_own')).toBeUndefined();
    await edit({ name: 'taken over' });
    expect(await find('vs_own')).toBeUndefined();
  });

  it('creates a primary store empty and editable', async () => {
    await insertOwn();
    expect(await find('vs_own')).toEqual({
      tenantId: MINE,
      id: 'vs_own',
      connectionId: null,
      source: 'primary',
      backend: 'local',
      name: 'Own',
      description: null,
      status: 'completed',
      fileCounts: { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: 0 },
      usageBytes: 0,
      metadata: {},
      expiresAfter: null,
      expiresAt: null,
      lastActiveAt: NOW_S,
      createdAt: NOW_S,
      extra: null,
      filesListedAtMs: null,
      isFileListingCurrent: true,
      syncedAtMs: null,
      missingSinceMs: null,
      expiryPolicy: { kind: 'never' },
      expiredAtMs: null,
      trashedAtMs: null,
      defaultChunking: null,
    });
    await expect(insertOwn()).rejects.toThrow();
  });

  it('keeps what an edit leaves out and clears what it sets to null', async () => {
    await insertOwn();
    const full = {
      name: 'New',
      description: 'Why',
      metadata: { team: 'a' },
      expiryPolicy: { kind: 'after_last_active', days: 3 },
    } as const;
    await edit(full);
    const filled = await find('vs_own');
    const expiresAfter = { anchor: 'last_active_at', days: 3 };
    expect(filled).toMatchObject({ ...full, expiresAfter, expiresAt: NOW_S + 3 * DAY_S });
    await edit({});
    expect(await find('vs_own')).toEqual(filled);
    await edit({ name: null, description: null, metadata: {}, expiryPolicy: null });
    const cleared = { name: null, description: null, metadata: {}, expiresAfter: null, expiresAt: null };
    expect(await find('vs_own')).toMatchObject({ ...cleared, expiryPolicy: { kind: 'never' } });
  });

  it('sorts and finds stores by their edited values', async () => {
    await insertOwn();
    await edit({ name: 'Renamed', description: 'zebra', expiryPolicy: { kind: 'after_last_active', days: 1 } });
    await t.db.transaction((tx) => tx.vectorStores.insertPrimary({ ...own, id: 'vs_b', name: 'Quiet' }));
    const list = async (input: { text?: string; sort: 'name' | 'expiresAt' }) => {
      const { text, sort } = input;
      const page = { tenantId: MINE, order: 'asc', after: undefined, limit: 10 } as const;
      const { rows } = await t.db.read.vectorStoreList.list({ ...page, sort, filter: { text } });
      return rows.map((row) => row.id);
    };
    expect(await list({ text: 'zeb', sort: 'name' })).toEqual(['vs_own']);
    expect(await list({ text: 'Own', sort: 'name' })).toEqual(['vs_own']); // Found by its id.
    expect(await list({ sort: 'name' })).toEqual(['vs_b', 'vs_own']);
    expect(await list({ sort: 'expiresAt' })).toEqual(['vs_own', 'vs_b']);
  });

  it('rejects every edit of a mirror with a reason', async () => {
    await mirrorStores(t.db, { tenantId: MINE }, [storeRow('vs_1')]);
    const before = await find('vs_1');
    await expect(edit({ name: 'x' }, 'vs_1')).rejects.toMatchObject({
      code: 'vector_store_read_only',
      status: 403,
      message: expect.stringContaining("'vs_1'"),
    });
    expect(await find('vs_1')).toEqual(before);
  });
}
