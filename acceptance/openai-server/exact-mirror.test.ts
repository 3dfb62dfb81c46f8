import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { settled, syncOk } from '../support/sync.ts';
import { expectExactMirror } from './compare.ts';
import { QUIRKY_KEY, type QuirkyServer, startQuirkyServer } from './quirky-server.ts';

describe('a mirror of a server that only resembles OpenAI', () => {
  let upstream: QuirkyServer;
  let espejo: Espejo;

  beforeAll(async () => {
    upstream = await startQuirkyServer();
    espejo = await startEspejo({
      env: { OPENAI_BASE_URL: upstream.baseUrl, OPENAI_API_KEY: QUIRKY_KEY, ESPEJO_REMOVAL_GRACE_S: '0' },
    });
  });
  afterAll(async () => {
    await espejo?.[Symbol.asyncDispose]();
    await upstream?.close();
  });

  it('is complete after the first sync: same ids, fields, attributes and unknown fields', async () => {
    const run = await settled(espejo);
    expect(run).toMatchObject({ status: 'succeeded', trigger: 'startup', isComplete: true, error: null });
    await expectExactMirror(espejo, upstream);
  });

  it('lists the orphans, ghosts and files that its rows contain', async () => {
    const orphans = await espejo.call('listFiles', { query: { orphan: 'true' } });
    // Unattached: q14, q16 (assistants); q15 is user_data, which may be used without a store.
    expect(orphans.data.map((file) => file.id).sort()).toEqual(['file-q14', 'file-q16']);
    expect(orphans).toMatchObject({ total: 2, orphanCount: 2, orphanBytes: 1014 + 1016, isOrphanReportComplete: true });
    const ghosts = await espejo.call('listVectorStoreFiles', { params: { id: 'vs_full' }, query: { status: 'ghost' } });
    expect(ghosts.data.map((file) => file.id)).toEqual(['file-gone']);
    const shared = await espejo.call('getFile', { params: { id: 'file-q0' } });
    expect(shared.attachedTo.map((ref) => ref.vectorStoreId).sort()).toEqual(['vs_full', 'vs_hibernating']);
  });

  it('requests no more pages than the server has', async () => {
    upstream.requests.length = 0;
    await syncOk(espejo, { full: true });
    const pagesOf = (rows: number) => Math.max(1, Math.ceil(rows / 5));
    const withFiles = [...upstream.attachments.values()].filter((rows) => rows.length > 0);
    expect(upstream.requests).toHaveLength(
      pagesOf(upstream.stores.length) +
        withFiles.reduce((sum, rows) => sum + pagesOf(rows.length), 0) +
        pagesOf(upstream.files.length) +
        // Containers and assistants are read, because there is a file in no store.
        2,
    );
  });

  it('follows every change, an edit of attributes alone included', async () => {
    const store = upstream.stores.find((row) => row.id === 'vs_full');
    const attached = upstream.attachments.get('vs_full');
    if (store === undefined || attached?.[0] === undefined) throw new Error('The world is another one.');
    attached[0].attributes = { lang: 'de', nested: false };
    store.name = 'Renamed';
    store.metadata = { team: 'other' };
    delete store.embedding_model;
    store.shards = [1];
    upstream.stores.push({
      ...store,
      id: 'vs_new',
      name: 'New',
      file_counts: { ...(store.file_counts as object), total: 0 },
    });
    upstream.attachments.set('vs_new', []);
    upstream.files.push({
      id: 'file-new',
      filename: 'new.txt',
      bytes: 1,
      purpose: 'assistants',
      created_at: 1_800_000_000,
    });
    await syncOk(espejo, { full: true });
    await expectExactMirror(espejo, upstream);
    const history = await espejo.call('listVectorStoreHistory', { params: { id: 'vs_full' } });
    expect(history.data[0]).toMatchObject({ action: 'changed', filesChanged: 1, fileIds: { changed: ['file-q0'] } });
    expect(history.data[0]?.fields).toEqual(
      expect.arrayContaining([
        { field: 'name', before: 'Everything', after: 'Renamed' },
        { field: 'metadata', before: expect.objectContaining({ team: 'search' }), after: { team: 'other' } },
      ]),
    );
  });

  it('removes what is gone once that is proven', async () => {
    upstream.stores.splice(
      upstream.stores.findIndex((row) => row.id === 'vs_bare'),
      1,
    );
    upstream.attachments.delete('vs_bare');
    upstream.files.splice(
      upstream.files.findIndex((row) => row.id === 'file-q16'),
      1,
    );
    upstream.attachments.get('vs_full')?.pop();
    const first = await syncOk(espejo, { full: true });
    expect(first.counters).toMatchObject({
      stores: { missing: 1, removed: 0 },
      files: { missing: 1, removed: 0 },
      attachments: { missing: 1, removed: 0 },
    });
    const missing = await espejo.call('listVectorStores', { query: { status: 'missing' } });
    expect(missing.data.map((row) => row.id)).toEqual(['vs_bare']);
    const second = await syncOk(espejo, { full: true });
    expect(second.counters).toMatchObject({
      stores: { removed: 1 },
      files: { removed: 1 },
      attachments: { removed: 1 },
    });
    await expectExactMirror(espejo, upstream);
  });

  it('never wrote upstream, and sent its key with every request', () => {
    expect(upstream.requests.length).toBeGreaterThan(20);
    expect(upstream.writes).toEqual([]);
    expect(upstream.refused).toEqual([]);
  });
});

describe('a mirror of a server that behaves like OpenAI', () => {
  let sandbox: RunningSandbox;
  let espejo: Espejo;

  beforeAll(async () => {
    sandbox = await startSandbox({ keys: { 'sk-live': 'proj_a' } });
    sandbox.seed({ stores: 30, filesPerStore: 12, sharedFraction: 0.3, failedFraction: 0.1, orphans: 7 });
    espejo = await startEspejo({
      env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-live', ESPEJO_SYNC_ENABLED: 'false' },
    });
  });
  afterAll(async () => {
    await espejo?.[Symbol.asyncDispose]();
    await sandbox?.close();
  });

  it('is empty before its first sync and says so', async () => {
    const page = await espejo.call('listVectorStores', {});
    expect(page).toEqual({ data: [], nextCursor: null, total: 0, asOf: null });
    expect((await espejo.call('listFiles', {})).isOrphanReportComplete).toBe(false);
  });

  it('is exact after the first sync and after the second', async () => {
    await syncOk(espejo);
    await expectExactMirror(espejo, sandbox.state.snapshot());
    const again = await syncOk(espejo);
    expect(again.plan).toMatchObject({ isInSync: true });
    await expectExactMirror(espejo, sandbox.state.snapshot());
  });

  it('is exact after changes of every kind', async () => {
    const [first = '', second = ''] = sandbox.state.storeIds();
    const file = sandbox.state.createFile({ filename: 'added.md', content: 'hello' });
    sandbox.state.attach({ storeId: first, fileId: file.id, attributes: { a: 1, b: 'two', c: true } });
    sandbox.state.updateStore(second, { name: null, metadata: { k: 'v' }, expiresAfterDays: 364 });
    sandbox.state.createStore({ name: 'Empty', description: 'With a description' });
    await syncOk(espejo);
    await expectExactMirror(espejo, sandbox.state.snapshot());
  });

  it('never wrote upstream', () => {
    expect(sandbox.requests.total).toBeGreaterThan(32);
    expect(sandbox.requests.writes).toBe(0);
  });
});
