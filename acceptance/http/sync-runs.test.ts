import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { hold } from '../support/hold.ts';
import { expectError } from '../support/http.ts';
import { allPages } from '../support/pages.ts';
import { ended, sync, syncOk } from '../support/sync.ts';

const STORE_COUNT = 24;

let sandbox: RunningSandbox;
let espejo: Espejo;

const start = (json: unknown = {}) => espejo.request('POST', '/api/sync-runs', { json });
const storeIds = async () =>
  (await espejo.call('listVectorStores', { query: { limit: 200, sort: 'name', order: 'asc' } })).data.map(
    (row) => row.id,
  );
const idOf = (json: unknown) => (json as { id: string }).id;

beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.seed({ stores: STORE_COUNT, filesPerStore: 3 });
  espejo = await startEspejo({
    env: {
      OPENAI_BASE_URL: sandbox.url,
      OPENAI_API_KEY: 'sk-any',
      ESPEJO_SYNC_ENABLED: 'false',
      ESPEJO_REMOVAL_GRACE_S: '0',
    },
  });
});
afterEach(() => sandbox.faults.clear());
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

describe('starting a sync run', () => {
  it('answers 202 with the id and runs in the background', async () => {
    const answer = await start();
    expect(answer.status).toBe(202);
    expect(answer.json).toStrictEqual({ id: expect.stringMatching(/^run_[0-9a-f]{24}$/) });
    const run = await ended(espejo, idOf(answer.json));
    expect(run).toMatchObject({
      status: 'succeeded',
      trigger: 'manual',
      dryRun: false,
      full: false,
      isComplete: true,
      error: null,
      connectionId: 'default',
      progress: { phase: 'done' },
      counters: { stores: { seen: STORE_COUNT, added: STORE_COUNT } },
    });
    expect(run.requests).toBe(1 + STORE_COUNT + 1);
  });

  it('needs no body', async () => {
    for (const options of [{}, { headers: { 'content-type': 'application/json' } }]) {
      const answer = await espejo.request('POST', '/api/sync-runs', options);
      expect(answer.status).toBe(202);
      await ended(espejo, idOf(answer.json));
    }
  });

  it('reads from upstream only what can have changed; a full run reads everything', async () => {
    expect((await syncOk(espejo)).requests).toBe(1 + 1);
    const full = await syncOk(espejo, { full: true });
    expect(full).toMatchObject({ full: true, requests: 1 + STORE_COUNT + 1, plan: { isInSync: true } });
  });

  it('rejects a second run, also a dry one, with 409 while one is running, and accepts it afterwards', async () => {
    using held = hold(sandbox, /^\/vector_stores$/);
    const first = idOf((await start()).json);
    await held.reached;
    for (const body of [{}, { dryRun: true }, { full: true }, { connectionId: 'default' }]) {
      const message = expectError(await start(body), 409, 'sync_already_running');
      expect(message).toContain(first);
    }
    const connection = await espejo.call('getConnection', { params: { id: 'default' } });
    expect(connection.activeRunId).toBe(first);
    expect((await espejo.call('getStatus', {})).activeRunIds).toEqual([first]);
    held.release();
    expect((await ended(espejo, first)).status).toBe('succeeded');
    await syncOk(espejo);
  });

  it('rejects an unknown connection', async () => {
    expectError(await start({ connectionId: 'conn_none' }), 404, 'connection_not_found');
    expectError(await start({ connectionId: '' }), 404, 'connection_not_found');
  });
});

describe('a dry run', () => {
  it('finds and shows every difference and changes nothing', async () => {
    const [changed = '', gone = ''] = await storeIds();
    sandbox.state.updateStore(changed, { name: '00 renamed' });
    sandbox.state.createStore({ name: 'New' });
    sandbox.state.deleteStore(gone);
    const before = await espejo.call('listVectorStores', { query: { limit: 200 } });
    const run = await syncOk(espejo, { dryRun: true });
    expect(run).toMatchObject({
      dryRun: true,
      plan: {
        isInSync: false,
        reasons: [],
        stores: { added: 1, changed: 1, missing: 1, removed: 0, removals: [{ id: gone }] },
      },
    });
    const changes = await espejo.call('listSyncRunChanges', { params: { id: run.id } });
    expect(Object.fromEntries(changes.data.map((change) => [change.storeId, change.action]))).toMatchObject({
      [changed]: 'changed',
      [gone]: 'missing',
    });
    expect(changes.data.find((change) => change.storeId === changed)?.fields).toEqual([
      { field: 'name', before: 'Store 00001', after: '00 renamed' },
    ]);
    const added = await espejo.call('listSyncRunChanges', { params: { id: run.id }, query: { action: 'added' } });
    expect(added.data.map((change) => change.storeName)).toEqual(['New']);
    expect((await espejo.call('listVectorStores', { query: { limit: 200 } })).data).toEqual(before.data);
    // The real run then does what the dry run showed.
    const real = await syncOk(espejo);
    expect(real.counters.stores).toMatchObject({ added: 1, changed: 1, missing: 1 });
    expect((await syncOk(espejo)).counters.stores.removed).toBe(1);
    expect(await storeIds()).not.toContain(gone);
  });
});

describe('cancelling a sync run', () => {
  it('stops after the requests in flight, keeps what was written, and the next run continues', async () => {
    const before = await storeIds();
    using held = hold(sandbox, /\/files$/);
    const id = idOf((await start({ full: true })).json);
    await held.reached;
    const cancelled = await espejo.call('cancelSyncRun', { params: { id } });
    expect(cancelled).toMatchObject({ id, status: 'cancelled', error: null });
    expect(cancelled.finishedAt).not.toBeNull();
    held.release();
    expectError(await espejo.request('POST', `/api/sync-runs/${id}/cancel`), 409, 'sync_run_not_running');
    expect(await storeIds()).toEqual(before);
    await syncOk(espejo);
  });

  it('answers 404 for an unknown run', async () => {
    expectError(await espejo.request('POST', '/api/sync-runs/run_none/cancel'), 404, 'sync_run_not_found');
  });
});

describe('a sync run whose upstream fails', () => {
  it('fails with the reason, keeps the mirror and shows the reason on the connection', async () => {
    const before = await storeIds();
    sandbox.faults.add({ kind: 'status', status: 401 });
    const run = await sync(espejo);
    expect(run).toMatchObject({ status: 'failed', isComplete: false, error: { code: 'upstream_unauthorized' } });
    expect(run.error?.message).toMatch(/key/);
    const connection = await espejo.call('getConnection', { params: { id: 'default' } });
    expect(connection.health).toMatchObject({ status: 'unauthorized', message: run.error?.message });
    expect(await storeIds()).toEqual(before);
    sandbox.faults.clear();
    await syncOk(espejo);
    expect((await espejo.call('getConnection', { params: { id: 'default' } })).health.status).toBe('ok');
  });

  it('is partial when one store of many cannot be listed', async () => {
    const [broken = ''] = await storeIds();
    // Not OpenAI's 404: it says nothing about the store, and a retry would not help.
    sandbox.faults.add({ kind: 'status', status: 404, path: `/vector_stores/${broken}/files` });
    const run = await sync(espejo, { full: true });
    expect(run).toMatchObject({ status: 'partial', isComplete: false, counters: { stores: { failed: 1 } } });
    const failed = await espejo.call('listSyncRunChanges', { params: { id: run.id }, query: { action: 'failed' } });
    expect(failed.data).toMatchObject([{ storeId: broken, message: expect.stringMatching(/\S/) }]);
  });
});

describe('the list of sync runs', () => {
  it('is newest first over pages, without gaps', async () => {
    const all = await espejo.call('listSyncRuns', { query: { limit: 200 } });
    expect(all.data.length).toBeGreaterThan(10);
    expect(all.total).toBe(all.data.length);
    const { rows, pageSizes } = await allPages((cursor) =>
      espejo.call('listSyncRuns', { query: { limit: 4, cursor } }),
    );
    expect(rows).toEqual(all.data);
    expect(pageSizes.slice(0, -1).every((size) => size === 4)).toBe(true);
    const instants = rows.map((run) => run.startedAt);
    expect(instants).toEqual(instants.toSorted((a, b) => b - a));
  });

  it('is filtered by status and connection', async () => {
    const all = (await espejo.call('listSyncRuns', { query: { limit: 200 } })).data;
    for (const status of ['succeeded', 'failed', 'cancelled', 'needs_review', 'partial', 'running'] as const) {
      const page = await espejo.call('listSyncRuns', { query: { limit: 200, status } });
      expect(page.data).toEqual(all.filter((run) => run.status === status));
      expect(page.total).toBe(page.data.length);
    }
    expect((await espejo.call('listSyncRuns', { query: { connectionId: 'default', limit: 1 } })).total).toBe(
      all.length,
    );
    expect(await espejo.call('listSyncRuns', { query: { connectionId: 'conn_other' } })).toMatchObject({
      data: [],
      total: 0,
    });
  });

  it('shows the changes of a run over pages', async () => {
    const { id } = await sync(espejo, { dryRun: true });
    const whole = await espejo.call('listSyncRunChanges', { params: { id }, query: { limit: 200 } });
    const { rows } = await allPages((cursor) =>
      espejo.call('listSyncRunChanges', { params: { id }, query: { limit: 3, cursor } }),
    );
    expect(rows).toEqual(whole.data);
    expect(whole.total).toBe(whole.data.length);
  });
});

it('no sync run wrote anything upstream', () => {
  expect(sandbox.requests.total).toBeGreaterThan(100);
  expect(sandbox.requests.writes).toBe(0);
});
