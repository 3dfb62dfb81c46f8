import { expect, it } from 'vitest';
import {
  asSyncer,
  attachmentRow,
  mirrorStores as mirror,
  mirrorAttachments,
  NOW_MS,
  NOW_S,
  storeRow,
} from '../../testing/rows.ts';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, useTwoTenants } from '../../testing/two-tenants.ts';

const me = { tenantId: MINE };

export function mirrorStoresSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);
  const find = (id: string) => t.db.read.vectorStores.find(MINE, id);
  const known = async (connectionId = 'conn') =>
    Object.fromEntries(await t.db.read.mirrorStores.listKnown(MINE, connectionId));

  it("returns no store to a tenant that has none, for another tenant's ids", async () => {
    expect(await known()).toEqual({});
    expect(await t.db.read.mirrorStores.findForeign(MINE, 'conn-2', ['vs_1'])).toEqual([]);
    expect(await t.db.read.mirrorStores.hasUnlisted(MINE, 'conn')).toBe(false);
  });

  it('keeps every upstream field, unknown ones included', async () => {
    const store = storeRow('vs_1', {
      name: null,
      description: 'd',
      status: 'some_new_status',
      fileCounts: { in_progress: 1, completed: 2, failed: 3, cancelled: 4, total: 10 },
      usageBytes: 2 ** 40,
      metadata: { b: '2', a: '1' },
      expiresAfter: { anchor: 'last_active_at', days: 7 },
      expiresAt: NOW_S + 9,
      lastActiveAt: null,
      extra: { region: { code: 'eu' }, list: [1, null] },
    });
    await mirror(t.db, me, [store]);
    expect(await find('vs_1')).toEqual({
      ...store,
      tenantId: MINE,
      connectionId: 'conn',
      source: 'cache',
      backend: 'openai',
      filesListedAtMs: null,
      isFileListingCurrent: false,
      syncedAtMs: NOW_MS,
      missingSinceMs: null,
      expiryPolicy: { kind: 'after_last_active', days: 7 },
      expiredAtMs: null,
      trashedAtMs: null,
      defaultChunking: null,
    });
  });

  it('replaces every field on the next write, and clears the missing mark', async () => {
    await mirror(t.db, me, [storeRow('vs_1', { metadata: { a: '1' } })]);
    await asSyncer(t.db, me, (tx) => tx.mirrorStores.markMissing(MINE, ['vs_1'], NOW_MS));
    const next = storeRow('vs_1', { name: 'New', metadata: null, usageBytes: 3, extra: { x: 1 } });
    await mirror(t.db, me, [next], NOW_MS + 5);
    expect(await find('vs_1')).toMatchObject({ ...next, syncedAtMs: NOW_MS + 5, missingSinceMs: null });
    expect(await known()).toMatchObject({ vs_1: { name: 'New', hash: 'New', isMissing: false } });
  });

  it('reports stores of another connection, and primary stores, as foreign and does not take them over in a sync', async () => {
    const other = { tenantId: MINE, connectionId: 'conn-2' };
    await mirror(t.db, other, [storeRow('vs_1')]);
    await t.db.transaction((tx) =>
      tx.vectorStores.insertPrimary({ tenantId: MINE, id: 'vs_2', name: 'Own', createdAtS: 1, nowMs: 1 }),
    );
    const before = [await find('vs_1'), await find('vs_2')];
    const foreign = await t.db.read.mirrorStores.findForeign(MINE, 'conn', ['vs_1', 'vs_2', 'vs_9']);
    expect(foreign.sort()).toEqual(['vs_1', 'vs_2']);
    await mirror(t.db, me, [storeRow('vs_1', { name: 'stolen' }), storeRow('vs_2', { name: 'stolen' })]);
    expect([await find('vs_1'), await find('vs_2')]).toEqual(before);
  });

  it('keeps the first instant at which a store was missing', async () => {
    await mirror(t.db, me, [storeRow('vs_1'), storeRow('vs_2')]);
    await asSyncer(t.db, me, async (tx) => {
      await tx.mirrorStores.markMissing(MINE, ['vs_1'], NOW_MS);
      await tx.mirrorStores.markMissing(MINE, ['vs_1', 'vs_2', 'vs_unknown'], NOW_MS + 5);
    });
    expect(await known()).toMatchObject({ vs_1: { missingSinceMs: NOW_MS }, vs_2: { missingSinceMs: NOW_MS + 5 } });
    await asSyncer(t.db, me, (tx) => tx.mirrorStores.clearMissing(MINE, 'vs_1'));
    expect(await known()).toMatchObject({
      vs_1: { isMissing: false, missingSinceMs: null },
      vs_2: { isMissing: true },
    });
  });

  it('keeps the fingerprint under which the files of a store were listed', async () => {
    await mirror(t.db, me, [storeRow('vs_1', { name: 'F1' })]);
    await asSyncer(t.db, me, (tx) => tx.mirrorStores.setFilesListed(MINE, 'vs_1', 'F1', NOW_MS));
    expect(await known()).toMatchObject({ vs_1: { listedFingerprint: 'F1', filesListedAtMs: NOW_MS } });
    expect(await find('vs_1')).toMatchObject({ isFileListingCurrent: true, filesListedAtMs: NOW_MS });
    await mirror(t.db, me, [storeRow('vs_1', { name: 'F2' })]);
    expect(await find('vs_1')).toMatchObject({ isFileListingCurrent: false, filesListedAtMs: NOW_MS });
  });

  it('reports a store as unlisted only while it has files here or upstream', async () => {
    const hasUnlisted = () => t.db.read.mirrorStores.hasUnlisted(MINE, 'conn');
    await mirror(t.db, me, [storeRow('vs_1')]);
    expect(await hasUnlisted()).toBe(false);
    await mirrorAttachments(t.db, me, 'vs_1', [attachmentRow('file-1')]);
    expect(await hasUnlisted()).toBe(true);
    await asSyncer(t.db, me, (tx) => tx.mirrorStores.markMissing(MINE, ['vs_1'], NOW_MS));
    expect(await hasUnlisted()).toBe(false);
    const fileCounts = { in_progress: 0, completed: 1, failed: 0, cancelled: 0, total: 1 };
    await mirror(t.db, me, [storeRow('vs_2', { fileCounts, name: 'F' })]);
    expect(await hasUnlisted()).toBe(true);
    await asSyncer(t.db, me, (tx) => tx.mirrorStores.setFilesListed(MINE, 'vs_2', 'F', NOW_MS));
    expect(await hasUnlisted()).toBe(false);
  });

  it('removes stores one by one, or all of a connection', async () => {
    await mirror(t.db, me, [storeRow('vs_1'), storeRow('vs_2')]);
    await mirror(t.db, { tenantId: MINE, connectionId: 'conn-2' }, [storeRow('vs_3')]);
    await asSyncer(t.db, me, (tx) => tx.mirrorStores.remove(MINE, 'vs_1'));
    expect(Object.keys(await known())).toEqual(['vs_2']);
    await asSyncer(t.db, me, (tx) => tx.mirrorStores.removeAllOf(MINE, 'conn'));
    expect(await known()).toEqual({});
    expect(Object.keys(await known('conn-2'))).toEqual(['vs_3']);
  });
}
