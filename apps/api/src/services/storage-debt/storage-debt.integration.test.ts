import type { DebtKind, StorageDebt } from '@espejo/contracts';
import { describe, expect, it } from 'vitest';
import { createDeletionHarness, type DeletionHarness, ORPHAN_GRACE_S } from '../../testing/deletion-harness.ts';
import { CONNECTION_ID, HOUR_MS, MINUTE_MS, TENANT_ID } from '../../testing/sync-harness.ts';
import { listFiles } from '../files/list-files.ts';
import { getStorageDebt } from './get-storage-debt.ts';

const DAY_MS = 24 * HOUR_MS;
const GB = 2 ** 30;

const debt = (h: DeletionHarness) => getStorageDebt(h.deps, { tenantId: TENANT_ID });
const of = (report: StorageDebt, kind: DebtKind) => {
  const found = report.categories.find((category) => category.kind === kind);
  if (found === undefined) throw new Error(`There is no category ${kind}.`);
  return found;
};
const idsOf = (report: StorageDebt, kind: DebtKind) =>
  of(report, kind)
    .items.map((item) => item.id)
    .sort();
const counts = (report: StorageDebt) =>
  Object.fromEntries(report.categories.map((category) => [category.kind, category.count]));

/** One of each kind of debt, beside healthy items. */
async function indebted() {
  const h = await createDeletionHarness({ sandbox: { ghostMode: 'listed' } });
  const { state } = h.sandbox;
  const file = (filename: string, purpose = 'assistants', content = `text of ${filename}`) =>
    state.createFile({ filename, content, purpose }).id;
  const good = file('good.txt');
  const failed = file('failed.txt');
  const stuck = file('stuck.txt');
  const dead = file('dead.txt');
  const store = state.createStore({ name: 'Good', fileIds: [good] }).id;
  const lastError = { code: 'server_error', message: 'An internal error occurred.' } as const;
  state.attach({ storeId: store, fileId: failed, outcome: { usageBytes: 0, lastError } });
  state.attach({ storeId: store, fileId: stuck, isStuck: true });
  state.attach({ storeId: store, fileId: dead, outcome: { usageBytes: 4096, lastError: null } });
  const empty = state.createStore({ name: 'Empty' }).id;
  const inOld = file('in-old.txt');
  const expired = state.createStore({ name: 'Old', fileIds: [inOld], expiresAfterDays: 1 }).id;
  const orphan = file('orphan.txt');
  const copy = file('good.txt');
  file('data.txt', 'user_data');
  await h.sync();
  state.deleteFile(dead);
  h.clock.advance(2 * DAY_MS);
  const fresh = file('fresh.txt');
  const young = state.createStore({ name: 'Young' }).id;
  await h.sync({ isFull: true });
  h.clock.advance(MINUTE_MS);
  await h.sync({ isFull: true });
  // The expired store has detached its file; the mirror waits for proof.
  return { h, state, good, failed, stuck, dead, store, empty, inOld, expired, orphan, copy, fresh, young };
}

describe('storage debt', () => {
  it('is exact: one of each kind, and no healthy item', async () => {
    const w = await indebted();
    const report = await debt(w.h);
    expect(idsOf(report, 'orphan_files')).toEqual([w.orphan, w.copy].sort());
    expect(idsOf(report, 'expired_stores')).toEqual([w.expired]);
    expect(idsOf(report, 'empty_stores')).toEqual([w.empty]);
    expect(idsOf(report, 'failed_files')).toEqual([`${w.store}/${w.failed}`]);
    expect(idsOf(report, 'stuck_files')).toEqual([`${w.store}/${w.stuck}`]);
    expect(idsOf(report, 'ghosts')).toEqual([`${w.store}/${w.dead}`]);
    expect(idsOf(report, 'duplicates')).toEqual([w.copy]);
    expect(report.categories.every((category) => category.isComplete)).toBe(true);

    const createdS = Math.floor(Date.UTC(2026, 0, 15, 9) / 1000);
    expect(of(report, 'orphan_files')).toMatchObject({
      count: 2,
      bytes: 'text of orphan.txt'.length + 'text of good.txt'.length,
      usdPerMonth: 0,
      oldestAt: createdS,
    });
    expect(of(report, 'failed_files').items[0]).toMatchObject({
      name: 'failed.txt',
      storeName: 'Good',
      note: 'An internal error occurred.',
      since: createdS,
    });
    expect(of(report, 'ghosts')).toMatchObject({ bytes: 4096 });
    expect(of(report, 'duplicates').items[0]?.note).toBe(`same name and size as ${w.good}`);
    expect(of(report, 'expired_stores').items[0]).toMatchObject({ name: 'Old', since: createdS + 86_400 });
  });

  it('is cleaned up by one deletion per kind, through plan, hash and ledger, which touches nothing else', async () => {
    const w = await indebted();
    const { h } = w;
    const order = [
      'duplicates',
      'ghosts',
      'failed_files',
      'stuck_files',
      'empty_stores',
      'expired_stores',
      'orphan_files',
    ] as const;
    for (const kind of order) {
      const { cleanup, count } = of(await debt(h), kind);
      expect(count).toBeGreaterThan(0);
      if (cleanup === null) throw new Error(`${kind} has no way out.`);
      const { storeIds = [], fileIds = [], attachments = [], orphans = false, files = 'delete' } = cleanup;
      const deletion = await h.carryOut({ storeIds, fileIds, attachments, orphans, files });
      expect([kind, deletion.status]).toEqual([kind, 'succeeded']);
      h.clock.advance(MINUTE_MS);
      await h.sync({ isFull: true });
      expect(of(await debt(h), kind)).toMatchObject({ count: 0, items: [], cleanup: null });
    }
    expect(counts(await debt(h))).toEqual(Object.fromEntries([...order, 'files_in_use'].map((kind) => [kind, 0])));
    const { stores, files, attachments } = h.upstream();
    expect(Object.keys(stores).sort()).toEqual([w.store, w.young].sort());
    expect(Object.keys(attachments)).toEqual([`${w.store}/${w.good}`]);
    expect(
      Object.values(files)
        .map((row) => row.filename)
        .sort(),
    ).toEqual(['data.txt', 'fresh.txt', 'good.txt']);
  });

  it('separates files that other tools use, and offers no orphan where the tools could not be checked', async () => {
    const w = await indebted();
    const { h, state } = w;
    const container = state.addTool({ kind: 'container', name: 'Reports', fileIds: [w.orphan] });
    await h.sync({ isFull: true });
    const report = await debt(h);
    expect(idsOf(report, 'files_in_use')).toEqual([w.orphan]);
    expect(of(report, 'files_in_use')).toMatchObject({
      cleanup: null,
      items: [{ note: expect.stringContaining(container.id) }],
    });
    expect(idsOf(report, 'orphan_files')).toEqual([w.copy]);
    const query = { limit: 50, sort: 'createdAt', order: 'desc', orphan: true } as const;
    const listed = await listFiles(h.deps, { tenantId: TENANT_ID, query });
    expect(listed.data.map(({ id }) => id)).toEqual([w.copy]);
    expect(of(report, 'orphan_files')).toMatchObject({
      cleanup: { orphans: true },
      explanation: expect.stringMatching(/were checked and use none/),
    });

    h.sandbox.faults.add({ kind: 'status', status: 403, path: '/containers' });
    await h.sync({ isFull: true });
    const unsure = await debt(h);
    expect(of(unsure, 'orphan_files')).toMatchObject({
      count: 2,
      cleanup: null,
      explanation: expect.stringMatching(
        /code interpreter containers use them could not be checked, so those are not offered/,
      ),
    });
    expect(of(unsure, 'duplicates')).toMatchObject({ count: 0 });
  });

  it('calls a store empty that counts files it does not list, once it has not changed for the grace period', async () => {
    const h = await createDeletionHarness({ sandbox: { ghostMode: 'counted' } });
    const { state } = h.sandbox;
    const fileId = state.createFile({ filename: 'gone.txt', content: 'x' }).id;
    const storeId = state.createStore({ name: 'Counts what is gone', fileIds: [fileId] }).id;
    state.deleteFile(fileId);
    await h.sync();
    expect(idsOf(await debt(h), 'empty_stores')).toEqual([]);
    h.clock.advance(DAY_MS);
    await h.sync({ isFull: true });
    const found = of(await debt(h), 'empty_stores');
    expect(found.items).toMatchObject([{ id: storeId, note: 'counts 1 file but lists none: what it counts is gone' }]);
    await h.carryOut({ storeIds: found.cleanup?.storeIds ?? [], files: 'keep' });
    expect(h.upstream().stores).toEqual({});
  });

  it('treats names that look the same as equal, in either Unicode form', async () => {
    const h = await createDeletionHarness();
    const { state } = h.sandbox;
    const file = (filename: string) => state.createFile({ filename, content: 'same size' }).id;
    const held = file('r\u00e9sum\u00e9.md');
    state.createStore({ name: 'Good', fileIds: [held] });
    const copy = file('re\u0301sume\u0301.md');
    h.clock.advance(DAY_MS);
    await h.sync();
    expect(idsOf(await debt(h), 'duplicates')).toEqual([copy]);
  });

  it('deletes nothing that has become healthy since the last sync', async () => {
    const w = await indebted();
    const { h, state } = w;
    const report = await debt(h);
    // All of it is in use again; the mirror has not been synced since.
    state.attach({ storeId: w.empty, fileId: w.copy });
    state.attach({ storeId: w.store, fileId: w.orphan });
    for (const kind of ['orphan_files', 'duplicates', 'empty_stores', 'failed_files', 'stuck_files'] as const) {
      const { cleanup } = of(report, kind);
      const { storeIds = [], fileIds = [], attachments = [], orphans = false, files = 'delete' } = cleanup ?? {};
      const plan = await h.plan({ storeIds, fileIds, attachments, orphans, files });
      const going = plan.filesToDelete.map((file) => file.id);
      for (const id of [w.good, w.copy, w.orphan, w.failed, w.stuck]) expect(going, kind).not.toContain(id);
    }
  });
});

describe('storage debt while a listing is incomplete', () => {
  it.each([
    ['the files of a store', '/vector_stores/*/files'],
    ['the stores', '/vector_stores'],
    ['the files', '/files'],
  ])('has no new orphan, copy or ghost when the incomplete listing is of %s', async (_, path) => {
    const w = await indebted();
    const { h, state } = w;
    // Uploaded long ago by the mirror's data, attached where the listing breaks off.
    h.sandbox.faults.add({ kind: 'status', status: 500, path });
    const late = state.createFile({ filename: 'late.txt', content: 'x' }).id;
    state.attach({ storeId: w.store, fileId: late });
    h.clock.advance(2 * ORPHAN_GRACE_S * 1000);
    const run = await h.sync({ isFull: true }).catch(() => undefined);
    expect(run?.status).not.toBe('succeeded');
    const report = await debt(h);
    for (const kind of ['orphan_files', 'duplicates', 'ghosts'] as const) {
      expect(
        idsOf(report, kind).filter((id) => id.includes(late)),
        kind,
      ).toEqual([]);
    }
  });

  it('offers no clean-up of what depends on it', async () => {
    const w = await indebted();
    const { h, state } = w;
    state.updateStore(w.store, { name: 'moved' });
    h.sandbox.faults.add({ kind: 'status', status: 500, path: `/vector_stores/${w.store}/files` });
    await h.sync();
    const report = await debt(h);
    for (const kind of ['orphan_files', 'duplicates', 'ghosts', 'failed_files', 'stuck_files'] as const) {
      expect(of(report, kind), kind).toMatchObject({ isComplete: false, cleanup: null });
    }
    expect(idsOf(report, 'orphan_files'), 'and none is claimed').toEqual([]);
    // Stores are known from their own listing.
    expect(of(report, 'expired_stores')).toMatchObject({ isComplete: true, count: 1 });
  });

  it('is empty before the first sync', async () => {
    const h = await createDeletionHarness();
    h.sandbox.seed({ stores: 2, orphans: 3, spanDays: 9 });
    const report = await debt(h);
    expect(Object.values(counts(report)).every((count) => count === 0)).toBe(true);
    expect(report.categories.every((category) => !category.isComplete && category.cleanup === null)).toBe(true);
    expect(report.asOf).toBeNull();
  });

  it('shows the orphans of the other connections without a clean-up, and omits a disabled connection', async () => {
    const w = await indebted();
    const { h } = w;
    await h.addConnection({ id: 'conn-b' });
    const report = await debt(h);
    expect(idsOf(report, 'orphan_files')).toEqual([w.orphan, w.copy].sort());
    expect(of(report, 'orphan_files')).toMatchObject({ isComplete: false, cleanup: null });
    await h.db.transaction((tx) => tx.connections.update(TENANT_ID, 'conn-b', { isEnabled: false }));
    expect(of(await debt(h), 'orphan_files')).toMatchObject({ isComplete: true, count: 2 });
    await h.db.transaction((tx) => tx.connections.update(TENANT_ID, CONNECTION_ID, { isEnabled: false }));
    expect(Object.values(counts(await debt(h))).every((count) => count === 0)).toBe(true);
    expect((await debt(h)).connections).toHaveLength(2);
  });
});

describe('the cost of storage debt', () => {
  it('is that of indexed bytes beyond the free allowance of each project, and counts nothing twice', async () => {
    const h = await createDeletionHarness({
      rates: { usdPerGbDay: 0.1, freeBytes: GB },
      sandbox: { ghostMode: 'listed' },
    });
    const { state } = h.sandbox;
    const big = (gb: number) => ({ usageBytes: gb * GB, lastError: null });
    const attach = (storeId: string, gb: number) => {
      const fileId = state.createFile({ filename: `${gb}.txt`, content: 'x' }).id;
      state.attach({ storeId, fileId, outcome: big(gb) });
      return fileId;
    };
    const a = state.createStore({ name: 'A' }).id;
    attach(a, 1.5);
    const dead = attach(a, 0.5);
    const b = state.createStore({ name: 'B' }).id;
    const alsoDead = attach(b, 1);
    state.deleteFile(dead);
    state.deleteFile(alsoDead);
    h.clock.advance(HOUR_MS);
    await h.sync();
    h.clock.advance(HOUR_MS);
    await h.sync({ isFull: true });
    const report = await debt(h);
    // 3 GB, one of them free: 2 × 0.10 × 30. Both ghosts together are 1.5 GB of it.
    expect(report).toMatchObject({
      totalUsdPerMonth: 6,
      debtUsdPerMonth: 4.5,
      isEstimate: true,
      rates: { usdPerGbDay: 0.1, freeGb: 1 },
    });
    expect(of(report, 'ghosts')).toMatchObject({ count: 2, bytes: 1.5 * GB, usdPerMonth: 4.5 });
    expect(report.connections).toEqual([
      { connectionId: CONNECTION_ID, name: 'Harness', usageBytes: 3 * GB, usdPerMonth: 6 },
    ]);
    expect(report.topStores).toEqual([
      { id: a, name: 'A', connectionId: CONNECTION_ID, usageBytes: 2 * GB, usdPerMonth: 4 },
      { id: b, name: 'B', connectionId: CONNECTION_ID, usageBytes: GB, usdPerMonth: 2 },
    ]);
  });
});
