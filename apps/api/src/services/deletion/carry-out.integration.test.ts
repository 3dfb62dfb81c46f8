import { asSystem } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { createDeletionHarness } from '../../testing/deletion-harness.ts';
import { NOTHING_MARKED } from '../../testing/mirror-rows.ts';
import { CONNECTION_ID, HOUR_MS, MINUTE_MS } from '../../testing/sync-harness.ts';
import { threeStores } from '../../testing/three-stores.ts';
import { LEDGER_RETENTION_DAYS } from './prune-deletions.ts';
import { startDeletion } from './start-deletion.ts';

const DAY_MS = 24 * HOUR_MS;
const doneSteps = (total: number) => ({ total, done: total, pending: 0, parked: 0, cancelled: 0 });

describe('a deletion', () => {
  it('detaches and deletes the files and proves them gone, then deletes the store', async () => {
    const { h, a, b, c, two, three, four } = await threeStores();
    const deletion = await h.carryOut({ storeIds: [a] });
    expect(deletion).toMatchObject({
      status: 'succeeded',
      title: 'Delete store A',
      actor: 'tester',
      trigger: 'person',
      steps: doneSteps(4),
      counts: { stores: 1, filesToDelete: 1, filesKept: 1, attachmentsToDetach: 2 },
      message: null,
    });
    expect(h.upstream()).toMatchObject({ stores: { [b]: {}, [c]: {} }, files: { [two]: {}, [three]: {}, [four]: {} } });
    expect(Object.keys(h.upstream().stores).sort()).toEqual([b, c].sort());
    expect(Object.keys(h.upstream().files).sort()).toEqual([two, three, four].sort());
    expect(Object.keys(h.upstream().attachments).sort()).toEqual(
      [`${b}/${two}`, `${b}/${three}`, `${c}/${four}`].sort(),
    );
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('sends one request for a detach, two for a file and three for a store, in an order that leaves no orphan', async () => {
    const { h, a, one, two } = await threeStores();
    const { planHash, requestsNeeded } = await h.plan({ storeIds: [a] });
    const before = h.sandbox.requests.total;
    await h.start(planHash);
    await h.deps.deletionWorkers.idle();
    // The check at the start makes the plan again.
    const acts = h.sandbox.requests.entries.slice(2 * before).map(({ method, path }) => `${method} ${path}`);
    expect(acts).toHaveLength(requestsNeeded);
    expect(acts.slice(0, 2).sort()).toEqual(
      [`DELETE /vector_stores/${a}/files/${one}`, `DELETE /vector_stores/${a}/files/${two}`].sort(),
    );
    expect(acts.slice(2)).toEqual([
      `DELETE /files/${one}`,
      `GET /files/${one}`,
      `GET /vector_stores/${a}/files`,
      `DELETE /vector_stores/${a}`,
      `GET /vector_stores/${a}`,
    ]);
  });

  it('sends two requests for a store when the files are kept, and changes no file', async () => {
    const { h, a, one, two } = await threeStores();
    const { planHash } = await h.plan({ storeIds: [a], files: 'keep' });
    const before = h.sandbox.requests.total;
    const id = await h.start(planHash);
    await h.deps.deletionWorkers.idle();
    const acts = h.sandbox.requests.entries.slice(2 * before).map(({ method, path }) => `${method} ${path}`);
    expect(acts).toEqual([`DELETE /vector_stores/${a}`, `GET /vector_stores/${a}`]);
    expect(Object.keys(h.upstream().files)).toEqual(expect.arrayContaining([one, two]));
    expect(h.mirror()).toEqual(h.upstream());
    // No step names the attachments, so the step of the store does.
    const [step] = await h.steps(id);
    expect(step?.snapshot).toMatchObject({
      id: a,
      name: 'A',
      attachments: expect.arrayContaining([expect.objectContaining({ fileId: one, attributes: {} })]),
    });
  });

  it('deletes the shared files of its two stores, and keeps them when a third store uses them', async () => {
    const { h, state, a, b, c, two, four } = await threeStores();
    state.attach({ storeId: c, fileId: two });
    expect((await h.carryOut({ storeIds: [a, b] })).status).toBe('succeeded');
    expect(Object.keys(h.upstream().files).sort()).toEqual([two, four].sort());
    expect(Object.keys(h.upstream().attachments).sort()).toEqual([`${c}/${two}`, `${c}/${four}`].sort());
    expect((await h.carryOut({ storeIds: [c] })).status, 'the last reference takes the file along').toBe('succeeded');
    expect(h.upstream()).toEqual({ stores: {}, files: {}, attachments: {} });
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('removes single attachments and keeps the store', async () => {
    const { h, a, one, two } = await threeStores();
    const attachments = [one, two].map((fileId) => ({ storeId: a, fileId }));
    expect((await h.carryOut({ attachments })).steps).toEqual(doneSteps(3));
    const { stores, files } = h.upstream();
    expect(stores[a]).toBeDefined();
    expect(files[one]).toBeUndefined();
    expect(files[two]).toBeDefined();
    await h.sync();
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('removes single attachments and keeps their files', async () => {
    const { h, a, one } = await threeStores();
    const deletion = await h.carryOut({ attachments: [{ storeId: a, fileId: one }], files: 'keep' });
    expect(deletion.steps).toEqual(doneSteps(1));
    expect(h.upstream().attachments[`${a}/${one}`]).toBeUndefined();
    expect(h.upstream().files[one]).toBeDefined();
  });

  it('deletes orphans: files in no store that are old enough, and nothing else', async () => {
    const { h, state, a, one } = await threeStores();
    const old = state.createFile({ filename: 'old.txt', content: 'x' }).id;
    const data = state.createFile({ filename: 'data.txt', content: 'x', purpose: 'user_data' }).id;
    h.clock.advance(2 * HOUR_MS);
    const fresh = state.createFile({ filename: 'fresh.txt', content: 'x' }).id;
    state.detach(a, one);
    await h.sync();
    expect((await h.plan({ orphans: true })).filesKept, 'a file that is no orphan is not even named').toEqual([]);
    expect((await h.carryOut({ orphans: true })).status).toBe('succeeded');
    const { files } = h.upstream();
    expect(files[old]).toBeUndefined();
    expect(files[one]).toBeUndefined();
    expect(files[data]).toBeDefined();
    expect(files[fresh]).toBeDefined();
    expect(Object.keys(files)).toHaveLength(5);
    await expect(h.start((await h.plan({ orphans: true })).planHash)).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it.each(['listed', 'counted'] as const)(
    'ends with an empty listing of the store, proven, where deleted files leave ghosts (%s)',
    async (ghostMode) => {
      const { h, state, a, b, one, three } = await threeStores({ sandbox: { ghostMode } });
      // The stores have ghosts already: files that were deleted without detaching them.
      state.deleteFile(one);
      state.deleteFile(three);
      await h.sync();
      const deletion = await h.carryOut({ storeIds: [a, b] });
      expect(deletion).toMatchObject({ status: 'succeeded', steps: { pending: 0, parked: 0 } });
      const looks = h.sandbox.requests.entries.filter(({ path }) => path === `/vector_stores/${a}/files`).length;
      expect(looks, 'planned, checked, and checked again before the deletion').toBe(3);
      expect(Object.keys(h.upstream().stores)).toHaveLength(1);
      expect(Object.keys(h.upstream().files)).toHaveLength(1);
      expect({ ...h.mirror(), files: null }).toEqual({ ...h.upstream(), files: null });
    },
  );

  it('detaches the ghosts of a store that stays, until it lists none', async () => {
    const { h, state, a, one, two } = await threeStores({ sandbox: { ghostMode: 'listed' } });
    state.deleteFile(one);
    state.deleteFile(two);
    await h.sync();
    expect((await h.carryOut({ attachments: [one, two].map((fileId) => ({ storeId: a, fileId })) })).status).toBe(
      'succeeded',
    );
    expect(state.snapshot().attachments.get(a)).toEqual([]);
    expect(state.snapshot().stores.find((store) => store.id === a)).toMatchObject({ file_counts: { total: 0 } });
  });

  it('deletes an expired store, whose files are orphans in the next deletion', async () => {
    const h = await createDeletionHarness();
    const { state } = h.sandbox;
    const file = state.createFile({ filename: 'a.txt', content: 'x' }).id;
    const store = state.createStore({ name: 'Old', fileIds: [file], expiresAfterDays: 1 }).id;
    await h.sync();
    h.clock.advance(2 * DAY_MS);
    await h.sync();
    expect((await h.carryOut({ storeIds: [store] })).status).toBe('succeeded');
    expect((await h.carryOut({ orphans: true })).status).toBe('succeeded');
    expect(h.upstream()).toEqual({ stores: {}, files: {}, attachments: {} });
  });
});

describe('after a deletion', () => {
  it('the next sync reports nothing missing and needs no approval, however much was deleted', async () => {
    const h = await createDeletionHarness();
    h.sandbox.seed({ stores: 60, filesPerStore: 4, sharedFraction: 0.3, spanDays: 30, orphans: 20 });
    await h.sync();
    const doomed = h.sandbox.state.storeIds().slice(0, 50);
    expect((await h.carryOut({ storeIds: doomed })).status).toBe('succeeded');
    expect((await h.carryOut({ orphans: true })).status).toBe('succeeded');
    expect(h.mirror(), 'the mirror is updated at once').toEqual(h.upstream());
    for (const isFull of [false, true]) {
      h.clock.advance(MINUTE_MS);
      const run = await h.sync({ isFull });
      expect(run).toMatchObject({
        status: 'succeeded',
        counters: { stores: { missing: 0, removed: 0 }, attachments: { missing: 0 }, files: { missing: 0 } },
      });
      expect(h.missing()).toEqual(NOTHING_MARKED);
      expect(h.mirror()).toEqual(h.upstream());
    }
  });

  it('the ledger keeps names, sizes and attributes', async () => {
    const { h, state, a, one, two } = await threeStores();
    state.updateAttributes(a, one, { lang: 'de', tier: 2 });
    const { id } = await h.carryOut({ storeIds: [a] });
    const steps = await h.steps(id);
    expect(
      steps.map(({ kind, storeId, fileId, name, state: is, attempts }) => [kind, storeId, fileId, name, is, attempts]),
    ).toEqual(
      expect.arrayContaining([
        ['detach', a, one, 'one.txt', 'done', 1],
        ['detach', a, two, 'two.txt', 'done', 1],
        ['delete_file', null, one, 'one.txt', 'done', 1],
        ['delete_store', a, null, 'A', 'done', 1],
      ]),
    );
    expect(steps.map((step) => step.finishedAt)).not.toContain(null);
    expect(steps.find((step) => step.kind === 'detach' && step.fileId === one)?.snapshot).toMatchObject({
      attributes: { lang: 'de', tier: 2 },
      chunkingStrategy: { type: 'static' },
    });
    expect(steps.find((step) => step.kind === 'delete_file')?.snapshot).toMatchObject({
      filename: 'one.txt',
      bytes: 11,
      purpose: 'assistants',
    });
    expect(steps.find((step) => step.kind === 'delete_store')?.snapshot).toMatchObject({
      name: 'A',
      connectionId: CONNECTION_ID,
      fileCounts: { total: 2 },
    });
  });

  it('the audit has a start and an end entry, each written with its change', async () => {
    const { h, a, b } = await threeStores();
    const { id } = await h.carryOut({ storeIds: [a] });
    expect(h.audit(id)).toEqual([
      { action: 'deletion.requested', outcome: 'accepted', actor: 'tester' },
      { action: 'deletion.succeeded', outcome: 'succeeded', actor: 'tester' },
    ]);
    // When the start entry cannot be written, the deletion is not written either.
    const { planHash } = await h.plan({ storeIds: [b] });
    const broken = {
      ...h.deps,
      db: {
        ...h.deps.db,
        transaction: <T>(work: Parameters<typeof h.deps.db.transaction<T>>[0]) =>
          h.deps.db.transaction((tx) =>
            work({ ...tx, audit: { ...tx.audit, append: () => Promise.reject(new Error('no audit')) } }),
          ),
      },
    };
    const start = startDeletion(broken, {
      by: asSystem('tenant-a', 'tester'),
      planHash,
      trigger: 'person',
    });
    await expect(start).rejects.toThrow('no audit');
    expect(await h.deps.db.read.deletions.listOpen('tenant-a')).toEqual([]);
    expect(Object.keys(h.upstream().stores)).toContain(b);
  });

  it('the ledger is deleted after its retention, except while it waits for a person', async () => {
    const { h, state, a, b, c } = await threeStores();
    const over = await h.carryOut({ storeIds: [a] });
    h.sandbox.faults.add({ kind: 'not_deleted', method: 'DELETE', path: `/vector_stores/${b}` });
    const parked = await h.carryOut({ storeIds: [b] });
    expect(parked.status).toBe('parked');
    h.clock.advance(LEDGER_RETENTION_DAYS * DAY_MS);
    await h.carryOut({ storeIds: [c] });
    expect((await h.get(over.id)).status, 'to the day').toBe('succeeded');
    h.clock.advance(MINUTE_MS);
    const empty = state.createStore().id;
    await h.sync();
    const last = await h.carryOut({ storeIds: [empty] });
    await expect(h.get(over.id)).rejects.toMatchObject({ code: 'deletion_not_found' });
    expect((await h.get(parked.id)).status).toBe('parked');
    expect((await h.get(last.id)).status).toBe('succeeded');
    expect(h.audit(over.id), 'the audit stays').toHaveLength(2);
  });
});
