import { setTimeout as delay } from 'node:timers/promises';
import type { SyncRun } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { collectEvents, readEvents } from '../support/events.ts';
import { hold } from '../support/hold.ts';
import { expectError } from '../support/http.ts';
import { allPages } from '../support/pages.ts';
import { ended, sync, syncOk } from '../support/sync.ts';

const STORE_COUNT = 24;

let sandbox: RunningSandbox;
let espejo: Espejo;

const start = (json: unknown = {}) => espejo.request('POST', '/api/sync-runs', { json });
const getRun = (id: string) => espejo.call('getSyncRun', { params: { id } });
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

describe('starting', () => {
  it('answers 202 with the id, then works by itself', async () => {
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

  it('needs no body at all', async () => {
    for (const options of [{}, { headers: { 'content-type': 'application/json' } }]) {
      const answer = await espejo.request('POST', '/api/sync-runs', options);
      expect(answer.status).toBe(202);
      await ended(espejo, idOf(answer.json));
    }
  });

  it('asks upstream only for what can have changed; full asks for everything', async () => {
    expect((await syncOk(espejo)).requests).toBe(1 + 1);
    const full = await syncOk(espejo, { full: true });
    expect(full).toMatchObject({ full: true, requests: 1 + STORE_COUNT + 1, plan: { isInSync: true } });
  });

  it('refuses a second run with 409 while one is under way, a dry one too, and takes it after', async () => {
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

  it('refuses a connection that is not there', async () => {
    expectError(await start({ connectionId: 'conn_none' }), 404, 'connection_not_found');
    expectError(await start({ connectionId: '' }), 404, 'connection_not_found');
  });
});

describe('a dry run', () => {
  it('finds every difference, shows it, and changes nothing', async () => {
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
    // What a real run then does is what the dry one said.
    const real = await syncOk(espejo);
    expect(real.counters.stores).toMatchObject({ added: 1, changed: 1, missing: 1 });
    expect((await syncOk(espejo)).counters.stores.removed).toBe(1);
    expect(await storeIds()).not.toContain(gone);
  });
});

describe('events', () => {
  const collect = (id: string) => collectEvents(espejo, id);

  it('begin at once, tell the progress, and end once with the finished run', async () => {
    using held = hold(sandbox, /\/files$/);
    const id = idOf((await start({ full: true })).json);
    await held.reached;
    const watching = collect(id);
    await delay(600);
    held.release();
    const events = await watching;
    expect(events[0]?.event.type).toBe('progress');
    expect(events[0]?.afterMs).toBeLessThan(500);
    expect(events.map(({ event }) => event.type).lastIndexOf('progress')).toBe(events.length - 2);
    expect(events.at(-1)?.event).toEqual({ type: 'end', data: await getRun(id) });
    const phases = events.flatMap(({ event }) => (event.type === 'progress' ? [event.data.phase] : []));
    expect(phases).toContain('listing_attachments');
  });

  it('of a run that has ended are its state and its end', async () => {
    const run = await syncOk(espejo);
    const events = await collect(run.id);
    expect(events.map(({ event }) => event)).toEqual([
      { type: 'progress', data: run.progress },
      { type: 'end', data: run },
    ]);
  });

  it('of an unknown run are the usual error', async () => {
    expectError(await espejo.request('GET', '/api/sync-runs/run_none/events'), 404, 'sync_run_not_found');
  });

  it('reach many watchers; one that goes away takes nothing with it', async () => {
    using held = hold(sandbox, /^\/vector_stores$/);
    const id = idOf((await start()).json);
    await held.reached;
    const watchers = Array.from({ length: 30 }, () => collect(id));
    const leaver = new AbortController();
    const left = (async () => {
      for await (const _ of readEvents(espejo, id, leaver.signal)) leaver.abort();
    })();
    await expect(left).rejects.toThrow(/abort/i);
    await delay(50);
    held.release();
    const ends = (await Promise.all(watchers)).map((events) => events.at(-1)?.event);
    expect(ends).toHaveLength(30);
    for (const end of ends) expect(end).toMatchObject({ type: 'end', data: { id, status: 'succeeded' } });
    expect(espejo.log).not.toMatch(/MaxListenersExceeded|unhandled|write after end/i);
  });
});

describe('cancelling', () => {
  it('stops after the requests in flight; what was written stays, and the next run goes on', async () => {
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

describe('a run that upstream lets down', () => {
  it('fails with the reason, keeps the mirror, and shows it on the connection', async () => {
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
    // No 404 of OpenAI's: it says nothing of the store, and asking again would not help.
    sandbox.faults.add({ kind: 'status', status: 404, path: `/vector_stores/${broken}/files` });
    const run = await sync(espejo, { full: true });
    expect(run).toMatchObject({ status: 'partial', isComplete: false, counters: { stores: { failed: 1 } } });
    const failed = await espejo.call('listSyncRunChanges', { params: { id: run.id }, query: { action: 'failed' } });
    expect(failed.data).toMatchObject([{ storeId: broken, message: expect.stringMatching(/\S/) }]);
  });
});

describe('a review', () => {
  let review: SyncRun;
  let doomed: string[];

  beforeAll(async () => {
    doomed = (await storeIds()).slice(0, 9);
    for (const id of doomed) sandbox.state.deleteStore(id);
    review = await sync(espejo);
  });
  const approve = (id: string, planHash: string) =>
    espejo.request('POST', `/api/sync-runs/${id}/approve`, { json: { planHash } });

  it('stops a run that would remove too much, and says why', async () => {
    expect(review).toMatchObject({
      status: 'needs_review',
      plan: { reasons: [{ code: 'too_many_removals', kind: 'vector_stores', value: 9, limit: 5 }] },
    });
    expect(review.plan?.stores.removals.map((item) => item.id).sort()).toEqual(doomed.toSorted());
    expect(await storeIds()).toEqual(expect.arrayContaining(doomed));
    expect((await espejo.call('getStatus', {})).reviewRunIds).toEqual([review.id]);
    expect((await espejo.call('getConnection', { params: { id: 'default' } })).health.status).toBe('needs_review');
  });

  it('stays open over further runs, each with the same plan', async () => {
    const again = await sync(espejo);
    expect(again).toMatchObject({ status: 'needs_review', plan: { hash: review.plan?.hash } });
    review = again;
  });

  it('is not answered by a wrong hash, an older one, or on a run without one', async () => {
    expectError(await approve(review.id, 'not-the-hash'), 409, 'stale_plan');
    expectError(await approve('run_none', 'x'), 404, 'sync_run_not_found');
    const finished = (await espejo.call('listSyncRuns', { query: { status: 'succeeded', limit: 1 } })).data[0];
    expectError(await approve(finished?.id ?? '', finished?.plan?.hash ?? ''), 409, 'sync_run_not_reviewable');
    const old = review.plan?.hash ?? '';
    const tenth = (await storeIds()).find((id) => !doomed.includes(id)) ?? '';
    sandbox.state.deleteStore(tenth);
    doomed.push(tenth);
    const moved = await sync(espejo);
    expect(moved.plan?.hash).not.toBe(old);
    expectError(await approve(review.id, old), 409, 'stale_plan');
    expectError(await approve(moved.id, old), 409, 'stale_plan');
    review = moved;
    expect(await storeIds()).toEqual(expect.arrayContaining(doomed));
  });

  it('approved by its hash, is carried out: exactly those are removed', async () => {
    const before = await storeIds();
    const answer = await approve(review.id, review.plan?.hash ?? '');
    expect(answer.status).toBe(202);
    const run = await ended(espejo, idOf(answer.json));
    expect(run).toMatchObject({ status: 'succeeded', trigger: 'approval' });
    // One of them was first missed by the reviewed run; removal waits for two complete listings of each.
    await syncOk(espejo);
    expect(await storeIds()).toEqual(before.filter((id) => !doomed.includes(id)));
    expect((await getRun(review.id)).approvedAt).not.toBeNull();
    expect((await espejo.call('getStatus', {})).reviewRunIds).toEqual([]);
  });

  it('is approved once: the next big loss asks again', async () => {
    expectError(await approve(review.id, review.plan?.hash ?? ''), 409, 'stale_plan');
    for (const id of (await storeIds()).slice(0, 8)) sandbox.state.deleteStore(id);
    const next = await sync(espejo);
    expect(next.status).toBe('needs_review');
    expect(next.plan?.hash).not.toBe(review.plan?.hash);
  });
});

describe('the list of runs', () => {
  it('is newest first, over pages, without holes', async () => {
    const all = await espejo.call('listSyncRuns', { query: { limit: 200 } });
    expect(all.data.length).toBeGreaterThan(15);
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

it('nothing of this was written upstream', () => {
  expect(sandbox.requests.total).toBeGreaterThan(100);
  expect(sandbox.requests.writes).toBe(0);
});
