import type { FaultInput } from '@espejo/sandbox';
import { createFakeUpstream, storeSnapshot } from '@espejo/upstream/testing';
import { describe, expect, it } from 'vitest';
import { NOTHING_MARKED } from '../../testing/mirror-rows.ts';
import { createSyncHarness, type SyncHarness, TENANT_ID } from '../../testing/sync-harness.ts';

const STORES = '/vector_stores';
const STORE_FILES = '/vector_stores/*/files';

async function inSync(h: SyncHarness): Promise<void> {
  h.sandbox.faults.clear();
  const run = await h.sync();
  expect(run).toMatchObject({ status: 'succeeded', isComplete: true });
  expect(h.mirror()).toEqual(h.upstream());
  expect(h.missing()).toEqual(NOTHING_MARKED);
}

describe('row 1: a sync run whose listing of stores breaks off', () => {
  it.each([
    ['500 at every try', 37, 60, { kind: 'status', status: 500 }],
    ['no answer in time', 3, 5, { kind: 'hang' }],
    ['a dropped connection', 3, 5, { kind: 'drop' }],
    ['half a body', 3, 5, { kind: 'truncated_body' }],
    ['an HTML page with 200', 3, 5, { kind: 'html' }],
  ] as const)(
    'is partial after %s, page %i of %i, keeps the pages before, marks nothing, and the next run is clean',
    async (_, page, pageCount, fault) => {
      const h = await createSyncHarness({
        upstream: { ...(fault.kind === 'hang' ? { timeoutMs: 400 } : {}), retryMax: 1 },
      });
      h.sandbox.seed({ stores: pageCount * 100 - 50 });
      h.sandbox.faults.add({ ...fault, path: STORES, nth: page, count: 2 });
      const listed = (page - 1) * 100;

      const run = await h.sync();

      expect(run).toMatchObject({
        status: 'partial',
        isComplete: false,
        counters: { stores: { added: listed, missing: 0 } },
      });
      expect(run.error?.code).toMatch(/^upstream_(unavailable|malformed)$/);
      expect(Object.keys(h.mirror().stores)).toEqual(h.sandbox.state.storeIds().slice(0, listed));
      expect(h.missing()).toEqual(NOTHING_MARKED);
      await inSync(h);
    },
  );

  it('marks and removes no store that would be on a later page than the failed one', async () => {
    const h = await createSyncHarness({ connection: { removalGraceS: 0 } });
    h.sandbox.seed({ stores: 350 });
    await h.sync();
    for (let round = 0; round < 3; round += 1) {
      h.sandbox.faults.add({ kind: 'status', status: 500, path: STORES, query: { after: '*' } });
      expect(await h.sync()).toMatchObject({ status: 'partial', counters: { stores: { missing: 0, removed: 0 } } });
      expect(h.missing()).toEqual(NOTHING_MARKED);
    }
    await inSync(h);
  });
});

describe('rule 3: a sync run', () => {
  const BROKEN: readonly [string, FaultInput][] = [
    ['repeats its first page for ever', { kind: 'repeated_page' }],
    ['always has more', { kind: 'has_more_forever' }],
    ['has more behind an empty page', { kind: 'empty_page_with_more' }],
    ['rejects every cursor', { kind: 'cursor_rejected' }],
    ['has a row without its status', { kind: 'missing_field', field: 'status', row: 0 }],
    ['has a row without its id', { kind: 'missing_field', field: 'id', row: 1 }],
    ['has a row with a number beyond 2^53', { kind: 'set_field', field: 'created_at', rawJson: '9007199254740993' }],
    ['has a row of another type', { kind: 'set_field', field: 'object', value: 'assistant' }],
    ['has no list', { kind: 'set_field', field: 'object', value: 'error' }],
  ];

  it.each(BROKEN)('removes nothing when the list of stores %s', async (_, fault) => {
    const h = await createSyncHarness({ connection: { removalGraceS: 0 } });
    h.sandbox.seed({ stores: 130, filesPerStore: 1 });
    await h.sync();
    const before = h.mirror();
    h.sandbox.state.deleteStore(h.sandbox.state.storeIds()[0] ?? '');
    h.sandbox.faults.add({ path: STORES, ...fault });
    for (let round = 0; round < 3; round += 1) {
      const run = await h.sync();
      expect(run.status).toMatch(/^(partial|failed)$/);
      expect(run).toMatchObject({ isComplete: false, error: { code: 'upstream_malformed' } });
      expect(h.mirror()).toEqual(before);
      expect(h.missing()).toEqual(NOTHING_MARKED);
    }
  });

  it.each(BROKEN)('removes nothing when the list of the files of a store %s', async (_, fault) => {
    const h = await createSyncHarness({ connection: { removalGraceS: 0 } });
    h.sandbox.seed({ stores: 2, filesPerStore: 130, sharedFraction: 0 });
    await h.sync();
    const before = h.mirror();
    const [storeId = ''] = h.sandbox.state.storeIds();
    const [first] = h.sandbox.state.snapshot().attachments.get(storeId) ?? [];
    h.sandbox.state.detach(storeId, first?.id ?? '');
    h.sandbox.faults.add({ path: `/vector_stores/${storeId}/files`, ...fault });
    for (let round = 0; round < 3; round += 1) {
      expect(await h.sync()).toMatchObject({
        status: 'partial',
        isComplete: false,
        counters: { stores: { failed: 1 } },
      });
      expect(h.mirror().attachments).toEqual(before.attachments);
      expect(h.missing()).toEqual(NOTHING_MARKED);
    }
  });

  it.each(BROKEN.filter(([name]) => name !== 'has a row without its status'))(
    'removes nothing when the list of the files of the project %s',
    async (_, fault) => {
      const h = await createSyncHarness({ connection: { removalGraceS: 0 } });
      const needsPages = fault.kind === 'repeated_page' || fault.kind === 'cursor_rejected';
      h.sandbox.seed({ stores: 1, filesPerStore: 2, orphans: needsPages ? 10_050 : 5 });
      await h.sync();
      const before = h.mirror();
      const orphan = h.sandbox.state.fileIds().at(-1) ?? '';
      h.sandbox.state.deleteFile(orphan);
      h.sandbox.faults.add({ path: '/files', ...fault });
      for (let round = 0; round < 2; round += 1) {
        const run = await h.sync({ trigger: 'manual' });
        expect(run).toMatchObject({
          status: 'partial',
          isComplete: false,
          counters: { files: { failed: 1, missing: 0 } },
        });
        expect(h.mirror()).toEqual(before);
        expect(h.missing()).toEqual(NOTHING_MARKED);
      }
    },
  );
});

describe('row 4: a listing during which upstream changes', () => {
  it.each(['reject', 'continue'] as const)(
    'skips no neighbour when the store under the cursor is deleted and another appears (deleted cursors: %s)',
    async (deletedCursor) => {
      const h = await createSyncHarness({ sandbox: { deletedCursor } });
      const { state } = h.sandbox;
      h.sandbox.seed({ stores: 260 });
      const cursorId = state.storeIds()[99] ?? '';
      const stop = h.sandbox.onRequest(({ query }) => {
        if (!query.includes(cursorId)) return;
        stop();
        state.deleteStore(cursorId);
        state.createStore({ name: 'Just made' });
      });

      const run = await h.sync();

      expect(run).toMatchObject({ status: 'succeeded', isComplete: true });
      // The deleted one was on an earlier page; everything else is there, once.
      const { [cursorId]: gone, ...stores } = h.mirror().stores;
      expect(stores).toEqual(h.upstream().stores);
      expect(gone).toBeDefined();
      expect(run.counters.stores).toMatchObject({ seen: 261, added: 261 });
    },
  );

  it('lists the other files once when the file under the cursor is detached', async () => {
    const h = await createSyncHarness();
    const { state } = h.sandbox;
    h.sandbox.seed({ stores: 1, filesPerStore: 230, sharedFraction: 0 });
    const [storeId = ''] = state.storeIds();
    const cursorId = state.snapshot().attachments.get(storeId)?.[99]?.id ?? '';
    const stop = h.sandbox.onRequest(({ query }) => {
      if (!query.includes(cursorId)) return;
      stop();
      state.detach(storeId, cursorId);
    });
    const run = await h.sync();
    expect(run).toMatchObject({ status: 'succeeded', counters: { attachments: { seen: 230, added: 230 } } });
    const { [`${storeId}/${cursorId}`]: gone, ...attachments } = h.mirror().attachments;
    expect(attachments).toEqual(h.upstream().attachments);
    expect(gone).toBeDefined();
  });
});

describe('a single failed listing', () => {
  it('does not block the rest when it is of the files of a store, and is repeated by the next run', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 12, filesPerStore: 3, sharedFraction: 0 });
    const storeId = h.sandbox.state.storeIds()[4] ?? '';
    h.sandbox.faults.add({ kind: 'status', status: 503, path: `/vector_stores/${storeId}/files` });
    const run = await h.sync();
    expect(run).toMatchObject({ status: 'partial', counters: { stores: { failed: 1 }, attachments: { added: 33 } } });
    expect(Object.keys(h.mirror().files)).toHaveLength(36);
    await inSync(h);
  });

  it('is repeated by the next run when it is of the files of the project, though no store has changed since', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 3, filesPerStore: 3, sharedFraction: 0 });
    await h.sync();
    const [storeId = ''] = h.sandbox.state.storeIds();
    const file = h.sandbox.state.createFile({ filename: 'late.md' });
    h.sandbox.state.attach({ storeId, fileId: file.id });
    h.sandbox.faults.add({ kind: 'status', status: 503, path: '/files' });
    expect(await h.sync()).toMatchObject({ status: 'partial', error: { code: 'upstream_unavailable' } });
    await inSync(h);
  });

  it('stops the listing of attachments when it is of the stores and upstream is down', async () => {
    const h = await createSyncHarness({ connection: { concurrency: 4 }, upstream: { retryMax: 0 } });
    h.sandbox.seed({ stores: 90, filesPerStore: 1 });
    h.sandbox.faults.add({ kind: 'status', status: 500, path: STORE_FILES });
    expect(await h.sync()).toMatchObject({ status: 'partial', isComplete: false });
    expect(h.sandbox.requests.byRoute['GET /vector_stores/*/files']).toBeLessThanOrEqual(8 + 4);
    await inSync(h);
  });
});

describe('rule 8: "as of", the end of a complete listing,', () => {
  it.each([
    ['of stores', '/vector_stores', { query: { after: '*' } }, ['storesListedAtMs', 'filesListedAtMs']],
    ['of files', '/files', {}, ['filesListedAtMs']],
    ['of attachments', STORE_FILES, {}, []],
  ] as const)(
    'stays for one kind and for the whole when a listing of %s breaks off',
    async (_, path, match, unmoved) => {
      const h = await createSyncHarness();
      h.sandbox.seed({ stores: 105 });
      h.sandbox.seed({ stores: 3, filesPerStore: 1 });
      await h.sync();
      const before = await h.connection();
      h.sandbox.faults.add({ kind: 'status', status: 503, path, ...match });
      expect((await h.sync({ isFull: true })).status).toBe('partial');
      const after = await h.connection();
      expect(after.completeSyncAtMs).toBe(before.completeSyncAtMs);
      for (const instant of ['storesListedAtMs', 'filesListedAtMs'] as const) {
        expect([instant, after[instant] === before[instant]]).toEqual([
          instant,
          unmoved.some((name) => name === instant),
        ]);
      }
      const [attachment = ''] = Object.keys(h.upstream().attachments);
      const storeId = attachment.split('/')[0] ?? '';
      const store = await h.db.read.vectorStores.find(TENANT_ID, storeId);
      expect(store?.filesListedAtMs === before.completeSyncAtMs).toBe(path !== '/files');

      await inSync(h);
      const last = await h.connection();
      expect(last.completeSyncAtMs).toBe(h.clock.nowMs());
      expect(last).toMatchObject({ storesListedAtMs: h.clock.nowMs(), filesListedAtMs: h.clock.nowMs() });
    },
  );
});

describe('a row that cannot be read', () => {
  const BAD_DATE: FaultInput = { kind: 'set_field', field: 'created_at', value: '2024-05-01T10:00:00Z', row: 1 };

  it.each([
    ['a store', STORES, { stores: 2, files: 3, attachments: 2 }],
    ['a file', '/files', { stores: 3, files: 2, attachments: 3 }],
    ['an attachment', STORE_FILES, { stores: 3, files: 3, attachments: 2 }],
  ] as const)(
    'is named by the run (%s); everything else is mirrored, and nothing is removed',
    async (_, path, kept) => {
      const h = await createSyncHarness({ connection: { removalGraceS: 0 } });
      const { state } = h.sandbox;
      const storeIds = Array.from({ length: 3 }, (_, i) => state.createStore({ name: `${i}` }).id);
      const fileIds = storeIds.map((_, i) => state.createFile({ filename: `${i}.md`, content: 'x' }).id);
      const inOneStore = path === STORE_FILES;
      storeIds.forEach((storeId, i) => {
        state.attach({ storeId: inOneStore ? (storeIds[0] ?? '') : storeId, fileId: fileIds[i] ?? '' });
      });
      const oddId = path === STORES ? storeIds[1] : fileIds[1];
      h.sandbox.faults.add({ ...BAD_DATE, path });
      const run = await h.sync();
      expect(run).toMatchObject({
        status: 'partial',
        isComplete: false,
        error: {
          code: 'upstream_malformed',
          message: expect.stringContaining(`'${oddId}' (a row has no whole "created_at")`),
        },
      });
      expect((await h.connection()).healthMessage).toContain(String(oddId));
      const { stores, files, attachments } = h.mirror();
      expect({
        stores: Object.keys(stores).length,
        files: Object.keys(files).length,
        attachments: Object.keys(attachments).length,
      }).toEqual(kept);

      h.sandbox.faults.clear();
      expect((await h.sync()).status).toBe('succeeded');
      h.sandbox.faults.add({ ...BAD_DATE, path });
      for (let round = 0; round < 3; round += 1) await h.sync({ isFull: true });
      expect(h.missing()).toEqual(NOTHING_MARKED);
      await inSync(h);
    },
  );
});

it('a run with a broken list of stores is partial, also when the server names no project', async () => {
  const h = await createSyncHarness();
  const upstream = createFakeUpstream({
    stores: [storeSnapshot({ id: 'vs_1' }), storeSnapshot({ id: 'vs_2' })],
    pageLimit: 1,
  });
  upstream.failOn({ operation: 'listVectorStores', page: 2 }, 'malformed');
  h.useUpstreamOf(() => upstream);
  expect(await h.sync()).toMatchObject({ status: 'partial', error: { code: 'upstream_malformed' } });
  expect(Object.keys(h.mirror().stores)).toEqual(['vs_1']);
});

describe('a server that omits has_more', () => {
  it('is mirrored when its pages are short', async () => {
    const h = await createSyncHarness();
    h.sandbox.seed({ stores: 3, filesPerStore: 2, sharedFraction: 0 });
    h.sandbox.faults.add({ kind: 'no_has_more' });
    expect(await h.sync()).toMatchObject({ status: 'succeeded', isComplete: true, requests: 1 + 3 + 1 });
    expect(h.mirror()).toEqual(h.upstream());
  });

  it('gets an error for a full page: its rows are mirrored, and nothing is removed', async () => {
    const h = await createSyncHarness({ connection: { removalGraceS: 0 } });
    h.sandbox.seed({ stores: 110, filesPerStore: 0 });
    await h.sync();
    h.sandbox.state.deleteStore(h.sandbox.state.storeIds()[0] ?? '');
    h.sandbox.faults.add({ kind: 'no_has_more', path: STORES });
    for (let round = 0; round < 3; round += 1) {
      expect(await h.sync()).toMatchObject({
        status: 'partial',
        error: { message: expect.stringMatching(/what follows a page of 100 rows .*"has_more"/) },
        counters: { stores: { seen: 100, removed: 0 } },
      });
      expect(h.missing()).toEqual(NOTHING_MARKED);
    }
  });
});
