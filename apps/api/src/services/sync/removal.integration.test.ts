import type { FaultInput } from '@espejo/sandbox';
import { attachmentSnapshot, createFakeUpstream, fileSnapshot, storeSnapshot } from '@espejo/upstream/testing';
import { describe, expect, it } from 'vitest';
import { NOTHING_MARKED } from '../../testing/mirror-rows.ts';
import { createSyncHarness, GRACE_MS, MINUTE_MS, type SyncHarness, TENANT_ID } from '../../testing/sync-harness.ts';

type Kind = 'stores' | 'attachments' | 'files';

/** A synced mirror, of which upstream then loses one item of a kind. Returns the item's id and its path. */
async function loseOne(kind: Kind, options: Parameters<typeof createSyncHarness>[0] = {}) {
  const h = await createSyncHarness(options);
  const { state } = h.sandbox;
  h.sandbox.seed({ stores: 6, filesPerStore: 3, orphans: 4, sharedFraction: 0 });
  expect((await h.sync()).status).toBe('succeeded');
  const storeId = state.storeIds()[2] ?? '';
  const fileId = state.snapshot().attachments.get(storeId)?.[1]?.id ?? '';
  const orphanId = state.fileIds().at(-1) ?? '';
  const lost = {
    stores: { id: storeId, path: `/vector_stores/${storeId}`, lose: () => state.deleteStore(storeId) },
    attachments: {
      id: `${storeId}/${fileId}`,
      path: `/vector_stores/${storeId}/files/${fileId}`,
      lose: () => state.detach(storeId, fileId),
    },
    files: { id: orphanId, path: `/files/${orphanId}`, lose: () => state.deleteFile(orphanId) },
  }[kind];
  lost.lose();
  return { h, id: lost.id, path: lost.path, marked: { ...NOTHING_MARKED, [kind]: [lost.id] } };
}

const askedFor = (h: SyncHarness, path: string) =>
  h.sandbox.requests.entries.filter((entry) => entry.path === path).length;

describe.each(['stores', 'attachments', 'files'] as const)('rule 4: absence from a listing of %s', (kind) => {
  it('is deletion only after two complete listings, the grace period and a 404 to the id', async () => {
    const { h, id, path, marked } = await loseOne(kind);
    expect(await h.sync({ trigger: 'manual' })).toMatchObject({
      status: 'succeeded',
      counters: { [kind]: { missing: 1, removed: 0 } },
    });
    expect(h.missing()).toEqual(marked);
    h.clock.advance(GRACE_MS - MINUTE_MS);
    await h.sync({ trigger: 'manual' });
    expect(h.missing()).toEqual(marked);
    expect(h.mirror()[kind][id]).toBeDefined();
    expect(askedFor(h, path), 'the grace period is not over').toBe(0);

    h.clock.advance(MINUTE_MS);
    const run = await h.sync({ trigger: 'manual' });
    expect(run).toMatchObject({ status: 'succeeded', counters: { [kind]: { removed: 1 } } });
    expect(askedFor(h, path)).toBe(1);
    expect(h.mirror()).toEqual(h.upstream());
    expect(h.missing()).toEqual(NOTHING_MARKED);
  });

  it('must be seen in two listings even with a grace period of zero', async () => {
    const { h, path, marked } = await loseOne(kind, { connection: { removalGraceS: 0 } });
    await h.sync({ trigger: 'manual' });
    expect(h.missing()).toEqual(marked);
    expect(askedFor(h, path)).toBe(0);
    await h.sync({ trigger: 'manual' });
    expect(h.mirror()).toEqual(h.upstream());
  });

  const NO_EVIDENCE: readonly [string, string, FaultInput][] = [
    ['401', 'failed', { kind: 'status', status: 401 }],
    ['403', 'failed', { kind: 'status', status: 403 }],
    ['404 of a wrong path', 'partial', { kind: 'status', status: 404, message: 'Invalid URL (GET /v1/x)' }],
    ['404 that names nothing', 'partial', { kind: 'status', status: 404 }],
    ['404 with HTML', 'partial', { kind: 'html', status: 404 }],
    ['408', 'partial', { kind: 'status', status: 408 }],
    ['409', 'partial', { kind: 'status', status: 409 }],
    ['410', 'partial', { kind: 'status', status: 410 }],
    ['429', 'partial', { kind: 'status', status: 429 }],
    ['500', 'partial', { kind: 'status', status: 500 }],
    ['503', 'partial', { kind: 'status', status: 503 }],
    ['200 with HTML', 'partial', { kind: 'html' }],
    ['nothing in time', 'partial', { kind: 'hang' }],
    ['a closed connection', 'partial', { kind: 'drop' }],
    ['half a body', 'partial', { kind: 'truncated_body' }],
  ];
  it.each(NO_EVIDENCE)('is not confirmed by %s', async (_, status, fault) => {
    const { h, id, path, marked } = await loseOne(kind, { connection: { removalGraceS: 0 } });
    await h.sync({ trigger: 'manual' });
    h.useUpstream(fault.kind === 'hang' ? { timeoutMs: 250, retryMax: 0 } : { retryMax: 1 });
    h.sandbox.faults.add({ ...fault, path });
    for (let round = 0; round < 2; round += 1) {
      expect((await h.sync({ trigger: 'manual' })).status).toBe(status);
      expect(askedFor(h, path)).toBeGreaterThan(round);
      expect(h.mirror()[kind][id]).toBeDefined();
      expect(h.missing()).toEqual(marked);
    }
    h.sandbox.faults.clear();
    expect(await h.sync({ trigger: 'manual' })).toMatchObject({
      status: 'succeeded',
      counters: { [kind]: { removed: 1 } },
    });
    expect(h.mirror()).toEqual(h.upstream());
  });
});

describe('rule 3: the removals of a run', () => {
  it('begin when every listing has ended and its rows are written', async () => {
    const { h, path } = await loseOne('stores', { connection: { removalGraceS: 0 } });
    await h.sync();
    const { state } = h.sandbox;
    const file = state.createFile({ filename: 'new.md' });
    state.attach({ storeId: state.storeIds()[0] ?? '', fileId: file.id });
    let isWritten = false;
    const stop = h.sandbox.onRequest((request) => {
      if (request.path === path) isWritten = h.mirror().files[file.id] !== undefined;
    });
    await h.sync();
    stop();
    expect(isWritten).toBe(true);
    expect(h.sandbox.requests.entries.at(-1)?.path).toBe(path);
  });

  it('remove and count each item once, with several kinds and answers in any order', async () => {
    const store = storeSnapshot({
      id: 'vs_1',
      fileCounts: { in_progress: 0, completed: 4, failed: 0, cancelled: 0, total: 4 },
    });
    const fileIds = ['file-a', 'file-b', 'file-c', 'file-d'];
    let isSlow = false;
    const slow = Promise.withResolvers<void>();
    const upstream = createFakeUpstream({
      stores: [store],
      files: [...fileIds, 'file-x', 'file-y'].map((id) => fileSnapshot({ id })),
      attachments: { vs_1: fileIds.map((fileId) => attachmentSnapshot({ fileId })) },
      onCall: ({ operation, fileId }) => {
        if (operation === 'probeAttachment' && fileId === 'file-b' && isSlow) return slow.promise;
        // Answers first: everything else.
        if (operation === 'probeFile' && fileId === 'file-y') setImmediate(slow.resolve);
        return undefined;
      },
    });
    const h = await createSyncHarness({
      upstream,
      connection: { removalGraceS: 0, concurrency: 8 },
    });
    await h.sync();
    upstream.world.removeAttachment('vs_1', 'file-a');
    upstream.world.removeAttachment('vs_1', 'file-b');
    upstream.world.removeFile('file-x');
    upstream.world.removeFile('file-y');
    await h.sync({ isFull: true });
    isSlow = true;
    const run = await h.sync();
    expect(run.counters).toMatchObject({ attachments: { removed: 2 }, files: { removed: 2 } });
    expect(Object.keys(h.mirror().attachments)).toEqual(['vs_1/file-c', 'vs_1/file-d']);
    expect(Object.keys(h.mirror().files)).toEqual(fileIds);
  });
});

describe('row 3: a store is deleted between its own listing and that of its files', () => {
  it('and becomes missing, the others go on, and it is removed when it is proven gone', async () => {
    const h = await createSyncHarness({ connection: { removalGraceS: 0 } });
    const { state } = h.sandbox;
    h.sandbox.seed({ stores: 9, filesPerStore: 2, sharedFraction: 0 });
    await h.sync();
    const doomed = state.storeIds()[3] ?? '';
    const stop = h.sandbox.onRequest(({ path }) => {
      if (!path.endsWith('/files')) return;
      stop();
      state.deleteStore(doomed);
    });
    const run = await h.sync({ isFull: true });
    expect(run).toMatchObject({ status: 'succeeded', counters: { stores: { missing: 1, failed: 0 } } });
    expect(run.counters.attachments.seen).toBe(16);
    expect(h.missing()).toEqual({ ...NOTHING_MARKED, stores: [doomed] });
    await h.sync();
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('and leaves no row when it was never known', async () => {
    const h = await createSyncHarness({ connection: { removalGraceS: 0 } });
    const { state } = h.sandbox;
    h.sandbox.seed({ stores: 9, filesPerStore: 2, sharedFraction: 0 });
    const doomed = state.storeIds()[3] ?? '';
    const stop = h.sandbox.onRequest(({ path }) => {
      if (!path.endsWith('/files')) return;
      stop();
      state.deleteStore(doomed);
    });
    expect((await h.sync()).status).toBe('succeeded');
    await h.sync();
    expect(h.mirror()).toEqual(h.upstream());
  });
});

describe('the history of a store reports removals', () => {
  it('also when the same run added something to the store', async () => {
    const { h, id } = await loseOne('attachments', { connection: { removalGraceS: 0 } });
    await h.sync();
    const [storeId = '', fileId = ''] = id.split('/');
    const { state } = h.sandbox;
    const added = state.createFile({ filename: 'new.md' });
    state.attach({ storeId, fileId: added.id });
    const run = await h.sync();
    const { rows } = await h.db.read.syncChanges.listOfStore({
      tenantId: TENANT_ID,
      storeId,
      after: undefined,
      limit: 1,
    });
    expect(rows[0]).toMatchObject({
      runId: run.id,
      filesAdded: 1,
      filesRemoved: 1,
      fileIds: { added: [added.id], removed: [fileId] },
    });
    expect(rows[0]?.fields.map((change) => change.field)).toContain('fileCounts');
  });

  it('a removed store', async () => {
    const { h, id } = await loseOne('stores', { connection: { removalGraceS: 0 } });
    await h.sync();
    await h.sync();
    const { rows } = await h.db.read.syncChanges.listOfStore({
      tenantId: TENANT_ID,
      storeId: id,
      after: undefined,
      limit: 9,
    });
    expect(rows.map((row) => row.action)).toEqual(['removed', 'missing', 'added']);
    expect(rows[0]?.storeName).toBe('Store 00003');
  });
});
