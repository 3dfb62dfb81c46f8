import { describe, expect, it } from 'vitest';
import { NOTHING_MARKED } from '../../testing/mirror-rows.ts';
import {
  CONNECTION_ID,
  createSyncHarness,
  GRACE_MS,
  HOUR_MS,
  MINUTE_MS,
  type SyncHarness,
  TENANT_ID,
} from '../../testing/sync-harness.ts';
import { listFiles } from '../files/list-files.ts';

const filesOf = (h: SyncHarness, orphan?: boolean) =>
  listFiles(
    { ...h.deps, orphanGraceS: GRACE_MS / 1000 },
    { tenantId: TENANT_ID, query: { orphan, limit: 200, sort: 'createdAt', order: 'asc' } },
  );

async function orphanState(h: SyncHarness, fileId: string) {
  return (await filesOf(h)).data.find((file) => file.id === fileId)?.orphan;
}

describe('row 24: a file whose processing never ends', () => {
  it('is shown and listed once per run without waiting for it; its store can still be removed', async () => {
    const h = await createSyncHarness({ connection: { removalGraceS: 0 } });
    const { state } = h.sandbox;
    h.sandbox.seed({ stores: 5, filesPerStore: 2, sharedFraction: 0 });
    const { id } = state.createStore({ name: 'Stuck' });
    const fileId = state.createFile({ filename: 'stuck.pdf' }).id;
    state.attach({ storeId: id, fileId, isStuck: true });
    await h.sync();
    for (let day = 0; day < 3; day += 1) {
      h.clock.advance(HOUR_MS / 6);
      h.sandbox.requests.clear();
      expect((await h.sync()).status).toBe('succeeded');
      expect(h.sandbox.requests.byRoute['GET /vector_stores/*/files']).toBe(1);
      expect(h.mirror().stores[id]).toMatchObject({ status: 'in_progress', file_counts: { in_progress: 1, total: 1 } });
      expect(h.mirror().attachments[`${id}/${fileId}`]).toMatchObject({ status: 'in_progress', last_error: null });
    }
    state.deleteStore(id);
    await h.sync();
    await h.sync({ trigger: 'manual' });
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('arrives with its status and reason when its batch was cancelled or it failed', async () => {
    const h = await createSyncHarness({ sandbox: { processingDelayMs: HOUR_MS } });
    const { state } = h.sandbox;
    const { id } = state.createStore();
    const inputs = [1, 2].map((n) => ({ fileId: state.createFile({ filename: `${n}.md` }).id }));
    const batch = state.createBatch(id, inputs);
    const broken = state.createFile({ filename: 'broken.exe', content: new Uint8Array([0, 159, 146, 150]) });
    state.attach({ storeId: id, fileId: broken.id });
    await h.sync();
    expect(h.mirror().stores[id]).toMatchObject({ file_counts: { in_progress: 3 } });
    state.cancelBatch(id, batch.id);
    h.clock.advance(HOUR_MS);
    await h.sync();
    expect(h.mirror()).toEqual(h.upstream());
    expect(h.mirror().stores[id]).toMatchObject({ file_counts: { cancelled: 2, failed: 1, in_progress: 0 } });
    expect(h.mirror().attachments[`${id}/${broken.id}`]?.last_error).not.toBeNull();
  });
});

describe('row 25: attachments without a file, and files in no store', () => {
  it('a sync keeps an attachment as a ghost when its file is gone, and removes the file when that is proven', async () => {
    const h = await createSyncHarness({ sandbox: { ghostMode: 'listed' }, connection: { removalGraceS: 0 } });
    const { state } = h.sandbox;
    h.sandbox.seed({ stores: 3, filesPerStore: 4, sharedFraction: 0 });
    await h.sync();
    const [storeId = ''] = state.storeIds();
    const ghostId = state.snapshot().attachments.get(storeId)?.[1]?.id ?? '';
    state.deleteFile(ghostId);
    await h.sync({ trigger: 'manual' });
    expect(h.missing()).toEqual({ ...NOTHING_MARKED, files: [ghostId] });
    await h.sync({ trigger: 'manual' });
    expect(h.mirror()).toEqual(h.upstream());
    expect(h.mirror().files[ghostId]).toBeUndefined();
    expect(h.mirror().attachments[`${storeId}/${ghostId}`]).toBeDefined();
    expect(await h.db.read.attachments.storeTotals(TENANT_ID, storeId)).toEqual({ heldCount: 4, ghostCount: 1 });
    // The repair: the file is detached upstream.
    state.detach(storeId, ghostId);
    await h.sync();
    await h.sync();
    expect(await h.db.read.attachments.storeTotals(TENANT_ID, storeId)).toEqual({ heldCount: 3, ghostCount: 0 });
  });

  it('a sync keeps a count that disagrees with the listing, lists the store once more and then accepts it', async () => {
    const h = await createSyncHarness({ sandbox: { ghostMode: 'counted' }, connection: { removalGraceS: 0 } });
    const { state } = h.sandbox;
    h.sandbox.seed({ stores: 3, filesPerStore: 4, sharedFraction: 0 });
    const [storeId = ''] = state.storeIds();
    state.deleteFile(state.snapshot().attachments.get(storeId)?.[1]?.id ?? '');
    await h.sync();
    expect(h.mirror()).toEqual(h.upstream());
    expect(h.mirror().stores[storeId]).toMatchObject({ file_counts: { total: 4 } });
    expect(await h.db.read.attachments.storeTotals(TENANT_ID, storeId)).toEqual({ heldCount: 3, ghostCount: 0 });
    const filesListed = async () => {
      h.sandbox.requests.clear();
      await h.sync();
      return h.sandbox.requests.byRoute['GET /vector_stores/*/files'] ?? 0;
    };
    expect([await filesListed(), await filesListed(), await filesListed()]).toEqual([1, 0, 0]);
    await h.sync({ isFull: true });
    expect(await filesListed()).toBe(0);
  });

  it('a sync lists a store again in the next run when the listing lags behind its count', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 3, filesPerStore: 4 });
    const { state, faults } = h.sandbox;
    const [storeId = ''] = state.storeIds();
    await h.sync();
    h.clock.advance(HOUR_MS);
    state.attach({ storeId, fileId: state.createFile({ filename: 'new.md' }).id });
    faults.add({ kind: 'list_lag', path: '/vector_stores/*/files', lagMs: MINUTE_MS });
    await h.sync();
    expect(h.mirror()).not.toEqual(h.upstream());
    expect(await h.db.read.mirrorStores.hasUnlisted(TENANT_ID, CONNECTION_ID)).toBe(true);
    faults.clear();
    await h.sync();
    expect(h.mirror()).toEqual(h.upstream());
    expect(await h.db.read.mirrorStores.hasUnlisted(TENANT_ID, CONNECTION_ID)).toBe(false);
  });

  it('a file that is uploaded and attached a little later is never an orphan', async () => {
    const h = await createSyncHarness();
    const { state } = h.sandbox;
    const { id: storeId } = state.createStore();
    const fileId = state.createFile({ filename: 'on-its-way.md' }).id;
    await h.sync();
    expect(await orphanState(h, fileId)).toBe('too_fresh');
    h.clock.advance(GRACE_MS - MINUTE_MS);
    state.attach({ storeId, fileId });
    await h.sync();
    h.clock.advance(HOUR_MS);
    expect(await orphanState(h, fileId)).toBe('no');
  });

  it('a file in no store is an orphan after the grace period; one of another purpose never is', async () => {
    const h = await createSyncHarness();
    const { state } = h.sandbox;
    state.createStore();
    const orphan = state.createFile({ filename: 'orphan.md' });
    const other = state.createFile({ filename: 'input.md', purpose: 'user_data' });
    await h.sync();
    h.clock.advance(GRACE_MS + MINUTE_MS);
    expect(await orphanState(h, orphan.id), 'no listing since').toBe('too_fresh');
    await h.sync();
    expect(await orphanState(h, orphan.id)).toBe('yes');
    expect(await orphanState(h, other.id)).toBe('not_applicable');
    expect((await filesOf(h, true)).data.map((file) => file.id)).toEqual([orphan.id]);
  });

  it('a detached file is an orphan once that is proven, but not while another store uses it', async () => {
    const h = await createSyncHarness({ connection: { removalGraceS: 0 } });
    const { state } = h.sandbox;
    const shared = state.createFile({ filename: 'shared.md' }).id;
    const single = state.createFile({ filename: 'single.md' }).id;
    const { id: first } = state.createStore({ fileIds: [shared, single] });
    state.createStore({ fileIds: [shared] });
    await h.sync();
    h.clock.advance(2 * GRACE_MS);
    state.deleteStore(first);
    await h.sync();
    expect(await orphanState(h, single), 'its store is only missing').toBe('no');
    await h.sync();
    expect(await orphanState(h, single)).toBe('yes');
    expect(await orphanState(h, shared)).toBe('no');
  });

  it('no file is an orphan while a listing it depends on is incomplete', async () => {
    const h = await createSyncHarness();
    const { state } = h.sandbox;
    const fileId = state.createFile({ filename: 'attached.md' }).id;
    state.createStore({ fileIds: [fileId] });
    h.sandbox.faults.add({ kind: 'status', status: 500, path: '/vector_stores/*/files' });
    await h.sync();
    h.clock.advance(2 * GRACE_MS);
    expect(await orphanState(h, fileId)).toBe('unknown');
    expect(await filesOf(h, true)).toMatchObject({ data: [], isOrphanReportComplete: false });
    h.sandbox.faults.clear();
    await h.sync();
    expect(await orphanState(h, fileId)).toBe('no');
  });
});
