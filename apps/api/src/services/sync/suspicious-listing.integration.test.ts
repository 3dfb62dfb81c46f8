import { createFakeUpstream, fileSnapshot, storeSnapshot } from '@espejo/upstream/testing';
import { describe, expect, it, vi } from 'vitest';
import { NOTHING_MARKED } from '../../testing/mirror-rows.ts';
import { createSyncHarness, GRACE_MS, reasonsOf } from '../../testing/sync-harness.ts';

const stores = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) => storeSnapshot({ id: `vs_${prefix}_${n}`, name: `${prefix} ${n}` }));

describe('row 2: a listing without rows where stores are known', () => {
  it('waits for approval: nothing is removed, marked or overwritten, and the reason is given', async () => {
    const h = await createSyncHarness({ connection: { removalGraceS: 0 } });
    h.sandbox.seed({ stores: 12, filesPerStore: 2 });
    await h.sync();
    const before = h.dump();
    h.sandbox.faults.add({ kind: 'empty_list', path: '/vector_stores' });

    for (let round = 0; round < 3; round += 1) {
      const run = await h.sync();
      expect(run).toMatchObject({ status: 'needs_review', error: { code: 'needs_review' } });
      expect(reasonsOf(run)).toEqual(['empty_listing:vector_stores']);
      expect(run.plan?.reasons[0]).toMatchObject({
        value: 0,
        known: 12,
        message: expect.stringContaining('12 are known'),
      });
      const { connection, ...mirrored } = h.dump();
      expect(mirrored).toEqual({ vector_store: before.vector_store, attachment: before.attachment, file: before.file });
      expect(connection?.[0]).toMatchObject({
        health_status: 'needs_review',
        stores_listed_at_ms: before.connection?.[0]?.stores_listed_at_ms,
      });
    }
    expect(h.sandbox.requests.byRoute['GET /vector_stores/*/files']).toBe(12);

    h.sandbox.faults.clear();
    expect(await h.sync()).toMatchObject({ status: 'succeeded', counters: { stores: { changed: 0, returned: 0 } } });
    expect(await h.connection()).toMatchObject({ healthStatus: 'ok', healthMessage: null });
  });

  it('removes nothing when approved by mistake: a GET by id finds every store', async () => {
    const h = await createSyncHarness({ connection: { removalGraceS: 0 } });
    h.sandbox.seed({ stores: 12 });
    await h.sync();
    h.sandbox.faults.add({ kind: 'empty_list', path: '/vector_stores' });
    await h.approve(await h.sync());
    const run = await h.sync();
    expect(run).toMatchObject({ status: 'succeeded', counters: { stores: { removed: 0, returned: 12 } } });
    h.sandbox.faults.clear();
    await h.sync();
    expect(h.mirror()).toEqual(h.upstream());
    expect(h.missing()).toEqual(NOTHING_MARKED);
  });

  it.each([1, 3, 12])('removes %i stores that are all gone after one approval', async (count) => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: count, filesPerStore: 1, sharedFraction: 0 });
    await h.sync();
    for (const id of h.sandbox.state.storeIds()) h.sandbox.state.deleteStore(id);
    expect(await h.approve(await h.sync())).toMatchObject({
      status: 'succeeded',
      counters: { stores: { missing: count } },
    });
    expect((await h.sync()).status, 'within the grace period').toBe('succeeded');
    h.clock.advance(GRACE_MS);
    expect(await h.sync()).toMatchObject({ status: 'succeeded', counters: { stores: { removed: count } } });
    expect(h.mirror()).toEqual(h.upstream());
    expect((await h.sync()).status).toBe('succeeded');
    expect((await h.connection()).approvedRunId).toBeNull();
  });

  it('is accepted at the first sync of a new account', async () => {
    const h = await createSyncHarness();
    expect(await h.sync()).toMatchObject({ status: 'succeeded', plan: { isInSync: true, reasons: [] } });
    expect(await h.sync()).toMatchObject({ status: 'succeeded' });
  });
});

describe('row 12: a key of another project', () => {
  const KEYS = { 'sk-a': 'proj_a', 'sk-b': 'proj_b', 'sk-c': 'proj_c' };
  async function twoProjects() {
    const h = await createSyncHarness({ sandbox: { keys: KEYS }, connection: { apiKeyCipher: 'sk-a' } });
    h.sandbox.seed({ stores: 8, filesPerStore: 2, sharedFraction: 0 }, 'proj_a');
    h.sandbox.seed({ stores: 3, filesPerStore: 1, sharedFraction: 0 }, 'proj_b');
    h.sandbox.seed({ stores: 2 }, 'proj_c');
    await h.sync();
    const useKey = (key: string) =>
      h.db.transaction((tx) => tx.connections.update('tenant-a', 'conn-a', { apiKeyCipher: key }));
    return { h, useKey };
  }

  it('adds and removes no rows of either project until a user decides', async () => {
    const { h, useKey } = await twoProjects();
    const before = h.mirror();
    await useKey('sk-b');
    const run = await h.sync();
    expect(run.status).toBe('needs_review');
    expect(reasonsOf(run)).toEqual(['project_changed:connection', 'only_unknown_ids:vector_stores']);
    expect(run.error?.message).toContain('proj_b');
    expect(h.mirror()).toEqual(before);
    expect(h.missing()).toEqual(NOTHING_MARKED);
    expect((await h.connection()).seenProject).toBe('proj_a');

    await useKey('sk-a');
    expect((await h.sync()).status).toBe('succeeded');
    expect(h.mirror()).toEqual(before);
  });

  it('makes the mirror that of the other project after one approval', async () => {
    const { h, useKey } = await twoProjects();
    await useKey('sk-b');
    const approved = await h.approve(await h.sync());
    expect(approved).toMatchObject({ status: 'needs_review' });
    // The files of the old project were not part of the first plan, as they had not been listed.
    expect(reasonsOf(approved)).toEqual(['too_many_removals:vector_stores', 'too_many_removals:files']);
    await h.approve(approved);
    h.clock.advance(GRACE_MS);
    expect((await h.sync()).status).toBe('succeeded');
    expect(Object.keys(h.mirror().stores)).toEqual(h.sandbox.stateOf('proj_b').storeIds());
    expect(Object.keys(h.mirror().files)).toEqual([...h.sandbox.stateOf('proj_b').fileIds()].sort());
    expect((await h.connection()).seenProject).toBe('proj_b');
  });

  it('of a third one is not covered by the approval of another', async () => {
    const { h, useKey } = await twoProjects();
    await useKey('sk-b');
    const review = await h.sync();
    await useKey('sk-c');
    const before = h.mirror();
    const run = await h.approve(review);
    expect(run.status).toBe('needs_review');
    expect(reasonsOf(run)).toContain('project_changed:connection');
    expect(run.error?.message).toContain('proj_c');
    expect(h.mirror()).toEqual(before);
    expect(h.missing()).toEqual(NOTHING_MARKED);
  });

  it('does not replace a mirror of files only either', async () => {
    const h = await createSyncHarness({
      sandbox: { keys: KEYS },
      connection: { removalGraceS: 0, apiKeyCipher: 'sk-a' },
    });
    for (let i = 0; i < 3; i += 1) h.sandbox.state.createFile({ filename: `plan-${i}.md` });
    await h.sync();
    const before = h.mirror();
    expect(Object.keys(before.files)).toHaveLength(3);
    await h.db.transaction((tx) => tx.connections.update('tenant-a', 'conn-a', { apiKeyCipher: 'sk-b' }));
    for (let run = 0; run < 3; run += 1) {
      expect(reasonsOf(await h.sync({ isFull: true }))).toEqual(['project_changed:connection']);
    }
    expect(h.mirror()).toEqual(before);
  });

  it('is recognised by another organization too; a missing name is no evidence', async () => {
    const upstream = createFakeUpstream({ stores: stores('a', 6), scope: { organization: 'org-1', project: null } });
    const h = await createSyncHarness({ upstream });
    await h.sync();
    upstream.setScope({ organization: null, project: null });
    expect((await h.sync()).status).toBe('succeeded');
    upstream.setScope({ organization: 'org-1', project: 'proj_1' });
    expect((await h.sync()).status).toBe('succeeded');
    upstream.setScope({ organization: 'org-2', project: 'proj_1' });
    expect(reasonsOf(await h.sync())).toEqual(['project_changed:connection']);
  });

  it('is suspected where upstream names no project and all ids are unknown, and waits for approval', async () => {
    const upstream = createFakeUpstream({ stores: stores('a', 6) });
    const h = await createSyncHarness({ upstream, connection: { removalGraceS: 0 } });
    await h.sync();
    const before = h.mirror();
    h.useUpstream(createFakeUpstream({ stores: stores('b', 250) }));
    const run = await h.sync();
    expect(reasonsOf(run)).toEqual(['only_unknown_ids:vector_stores']);
    expect(run.plan?.reasons[0]).toMatchObject({ value: 250, known: 6 });
    expect(h.mirror()).toEqual(before);
    expect(h.missing()).toEqual(NOTHING_MARKED);
  });

  it('is recognised by sample files where upstream names no project and the mirror has only files', async () => {
    const files = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, n) => fileSnapshot({ id: `file-${prefix}${n}`, purpose: 'assistants' }));
    const upstream = createFakeUpstream({ files: files('a', 4) });
    const h = await createSyncHarness({ upstream, connection: { removalGraceS: 0 } });
    await h.sync();
    const before = h.mirror();
    expect(Object.keys(before.files)).toHaveLength(4);
    await h.sync();
    const asked = upstream.calls.filter((call) => call.operation === 'probeFile');
    expect(
      asked.map((call) => call.fileId),
      'one more approval, and one is enough',
    ).toEqual(['file-a3']);

    h.useUpstream(createFakeUpstream({ stores: stores('b', 2), files: files('b', 9) }));
    for (let round = 0; round < 3; round += 1) {
      const run = await h.sync({ isFull: true });
      expect(reasonsOf(run)).toEqual(['only_unknown_ids:files']);
      expect(run.plan?.reasons[0]).toMatchObject({ value: 3, known: 4 });
    }
    expect(h.mirror()).toEqual(before);
    expect(h.missing()).toEqual(NOTHING_MARKED);
    h.useUpstream(upstream);
    expect((await h.sync()).status, 'the right key again').toBe('succeeded');
    expect(h.mirror()).toEqual(before);
  });

  it('replaces the files of the first project after approval', async () => {
    const upstream = createFakeUpstream({ files: [fileSnapshot({ id: 'file-a', purpose: 'assistants' })] });
    const h = await createSyncHarness({ upstream, connection: { removalGraceS: 0 } });
    await h.sync();
    h.useUpstream(createFakeUpstream({ files: [fileSnapshot({ id: 'file-b', purpose: 'assistants' })] }));
    expect((await h.approve(await h.sync())).status).toBe('succeeded');
    await h.sync();
    expect(Object.keys(h.mirror().files)).toEqual(['file-b']);
    expect((await h.connection()).approvedRunId).toBeNull();
  });

  it('causes no approval when the listing of unknown ids is broken: nothing is applied', async () => {
    const upstream = createFakeUpstream({ stores: stores('a', 6) });
    const h = await createSyncHarness({ upstream, connection: { removalGraceS: 0 } });
    await h.sync();
    const before = h.mirror();
    const other = createFakeUpstream({ stores: stores('b', 250) });
    other.failOn({ operation: 'listVectorStores', page: 2 }, 'unavailable', 9);
    h.useUpstream(other);
    expect(await h.sync()).toMatchObject({ status: 'failed', isComplete: false });
    expect(h.mirror()).toEqual(before);
    expect(h.missing()).toEqual(NOTHING_MARKED);
  });
});

describe('two connections to one project', () => {
  it('cannot both mirror it: the second one is rejected before it writes anything', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 3, filesPerStore: 1 });
    await h.sync();
    await h.addConnection({ id: 'conn-b' });
    const run = await h.sync({ connectionId: 'conn-b' });
    expect(run).toMatchObject({ status: 'failed', error: { code: 'connection_duplicate' } });
    expect(h.mirror('conn-b')).toEqual({ stores: {}, attachments: {}, files: {} });
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('cannot both mirror it when they begin at once, and the first has written after the second has checked', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 3, filesPerStore: 1 });
    await h.addConnection({ id: 'conn-b' });
    const { mirrorStores } = h.deps.db.read;
    const { findForeign } = mirrorStores;
    vi.spyOn(mirrorStores, 'findForeign').mockImplementationOnce(async (...asked) => {
      const found = await findForeign(...asked);
      expect((await h.sync()).status).toBe('succeeded');
      return found;
    });
    const run = await h.sync({ connectionId: 'conn-b' });
    expect(run).toMatchObject({ status: 'failed', error: { code: 'connection_duplicate' } });
    expect(h.mirror('conn-b')).toEqual({ stores: {}, attachments: {}, files: {} });
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('cannot both mirror it when it has files and no stores', async () => {
    const h = await createSyncHarness();
    for (const name of ['a', 'b']) h.sandbox.state.createFile({ filename: `${name}.txt`, content: name });
    await h.sync();
    await h.addConnection({ id: 'conn-b' });
    for (const isDryRun of [true, false]) {
      const run = await h.sync({ connectionId: 'conn-b', isDryRun });
      expect(run).toMatchObject({ status: 'failed', error: { code: 'connection_duplicate' } });
    }
    expect(h.mirror('conn-b').files).toEqual({});
    expect(h.mirror()).toEqual(h.upstream());
  });
});
