import type { Deletion, DeletionPlan, DeletionStep, PlanDeletionBody } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { collectDeletionEvents } from '../support/events.ts';
import { hold } from '../support/hold.ts';
import { expectError, expectErrorDetails } from '../support/http.ts';
import { allPages } from '../support/pages.ts';
import { syncOk, until } from '../support/sync.ts';

let sandbox: RunningSandbox;
let espejo: Espejo;

beforeAll(async () => {
  sandbox = await startSandbox();
  espejo = await startEspejo({
    env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-any', ESPEJO_SYNC_ENABLED: 'false' },
  });
});
afterEach(() => sandbox.faults.clear());
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

const plan = (body: PlanDeletionBody) => espejo.call('planDeletion', { body });
const start = (planHash: string) => espejo.request('POST', '/api/deletions', { json: { planHash } });
const get = (id: string) => espejo.call('getDeletion', { params: { id } });
const act = (id: string, verb: 'retry' | 'cancel') => espejo.request('POST', `/api/deletions/${id}/${verb}`);

async function started({ planHash }: Pick<DeletionPlan, 'planHash'>): Promise<string> {
  const answer = await start(planHash);
  expect(answer.status).toBe(202);
  return (answer.json as { id: string }).id;
}
const over = (id: string): Promise<Deletion> =>
  until(`the end of deletion ${id}`, async () => {
    const deletion = await get(id);
    return deletion.status === 'waiting' || deletion.status === 'running' ? undefined : deletion;
  });
async function ledgerOf(id: string, limit = 200): Promise<{ rows: DeletionStep[]; pageSizes: number[] }> {
  return allPages((cursor) => espejo.call('listDeletionSteps', { params: { id }, query: { limit, cursor } }));
}

/** Two stores that share files with each other, and one more that shares one of them; mirrored. */
async function stores() {
  const { state } = sandbox;
  const file = (filename: string) => state.createFile({ filename, content: `text of ${filename}` }).id;
  const [alone, both, all] = [file('alone.md'), file('both.md'), file('all.md')];
  const a = state.createStore({ name: 'Handbook', fileIds: [alone, both, all] }).id;
  const b = state.createStore({ name: 'Tickets', fileIds: [both, all] }).id;
  const outside = state.createStore({ name: 'Contracts', fileIds: [all] }).id;
  await syncOk(espejo);
  return { state, a, b, outside, alone, both, all };
}
const isThere = (id: string) => [...sandbox.state.storeIds(), ...sandbox.state.fileIds()].includes(id);

describe('POST /api/deletion-plans', () => {
  it('answers the complete plan and changes nothing', async () => {
    const { a, b, outside, alone, both, all } = await stores();
    sandbox.requests.clear();
    const answer = await plan({ storeIds: [a, b, 'vs_none'] });
    expect(answer).toMatchObject({
      files: 'delete',
      counts: { stores: 2, filesToDelete: 2, filesKept: 1, attachmentsToDetach: 5, notFound: 1 },
      isUndoable: false,
      requestsNeeded: 5 + 2 * 2 + 3 * 2,
      savings: { currency: 'USD' },
    });
    expect(answer.stores.map((store) => store.name).sort()).toEqual(['Handbook', 'Tickets']);
    expect(answer.filesToDelete.map((file) => file.id).sort()).toEqual([alone, both].sort());
    expect(answer.filesKept).toMatchObject([
      { id: all, filename: 'all.md', reason: 'shared', sharedWith: [{ id: outside, name: 'Contracts' }] },
    ]);
    expect(answer.consequences.join(' ')).toMatch(/deleted at OpenAI, at once and for good/);
    expect(sandbox.requests.writes).toBe(0);
    expect((await plan({ storeIds: [b, a, 'vs_none'] })).planHash).toBe(answer.planHash);
  });

  it('keeps every file when the request says so', async () => {
    const { a } = await stores();
    const answer = await plan({ storeIds: [a], files: 'keep' });
    expect(answer).toMatchObject({ counts: { stores: 1, filesToDelete: 0, filesKept: 3 }, requestsNeeded: 2 });
    for (const file of answer.filesKept) expect(file.reason).toBe('keep_requested');
  });

  it.each([
    ['an empty body', {}],
    ['an empty list', { storeIds: [] }],
    ['an unknown field', { storeIds: ['vs_a'], force: true }],
    ['an unknown value of files', { storeIds: ['vs_a'], files: 'some' }],
    ['a text instead of a list', { storeIds: 'vs_a' }],
  ])('rejects %s with 400', async (_, json) => {
    expectError(await espejo.request('POST', '/api/deletion-plans', { json }), 400, 'invalid_request');
  });

  it.each([
    [401, 502, 'upstream_unauthorized'],
    [403, 502, 'upstream_forbidden'],
  ])('fails when upstream answers %i, because a partial plan would be wrong', async (upstream, status, code) => {
    const { a } = await stores();
    sandbox.faults.add({ kind: 'status', status: upstream, path: `/vector_stores/${a}/files` });
    expectError(await espejo.request('POST', '/api/deletion-plans', { json: { storeIds: [a] } }), status, code);
  });
});

describe('POST /api/deletions', () => {
  it('executes the plan, streams events to the end, records every step and updates the mirror', async () => {
    const { a, b, outside, alone, both, all } = await stores();
    const planned = await plan({ storeIds: [a, b] });
    using held = hold(sandbox, /\/files\/file-/);
    const id = await started(planned);
    await held.reached;
    const watching = collectDeletionEvents(espejo, id);
    expect((await get(id)).status).toBe('running');
    held.release();
    const events = (await watching).map(({ event }) => event);
    const ended = await get(id);
    expect(events[0]?.type).toBe('progress');
    expect(events.filter((event) => event.type === 'end')).toEqual([{ type: 'end', data: ended }]);
    expect(events.at(-1)?.type).toBe('end');
    expect(ended).toMatchObject({
      planHash: planned.planHash,
      status: 'succeeded',
      title: 'Delete 2 stores',
      counts: planned.counts,
      steps: { total: 9, done: 9, pending: 0, parked: 0, cancelled: 0 },
      message: null,
    });
    expect((await collectDeletionEvents(espejo, id)).map(({ event }) => event)).toEqual([
      { type: 'progress', data: ended },
      { type: 'end', data: ended },
    ]);

    const { rows, pageSizes } = await ledgerOf(id, 4);
    expect(pageSizes).toEqual([4, 4, 1]);
    expect(rows.map((step) => step.kind)).toEqual([
      ...Array<string>(5).fill('detach'),
      ...Array<string>(2).fill('delete_file'),
      ...Array<string>(2).fill('delete_store'),
    ]);
    expect(rows.every((step) => step.state === 'done' && step.finishedAt !== null)).toBe(true);
    expect(rows.find((step) => step.kind === 'delete_file' && step.fileId === alone)).toMatchObject({
      name: 'alone.md',
      snapshot: { filename: 'alone.md', purpose: 'assistants' },
    });
    const [newest] = (await espejo.call('listDeletions', { query: { limit: 1, status: 'succeeded' } })).data;
    expect(newest).toEqual(ended);

    for (const gone of [a, b, alone, both]) expect(isThere(gone), gone).toBe(false);
    for (const kept of [outside, all]) expect(isThere(kept), kept).toBe(true);
    expectError(await espejo.request('GET', `/api/vector-stores/${a}`), 404, 'vector_store_not_found');
    const { data } = await espejo.call('listVectorStoreFiles', { params: { id: outside }, query: {} });
    expect(data.map((file) => file.id)).toEqual([all]);
    expect((await syncOk(espejo)).counters.stores).toMatchObject({ missing: 0, removed: 0 });
  });

  it('rejects an outdated plan with the difference and changes nothing', async () => {
    const { state, a, b, outside, alone, both, all } = await stores();
    const { planHash } = await plan({ storeIds: [a, b] });
    state.attach({ storeId: outside, fileId: both });
    const added = state.createFile({ filename: 'added.md', content: 'x' }).id;
    state.attach({ storeId: a, fileId: added });
    sandbox.requests.clear();
    const details = expectErrorDetails(await start(planHash), 409, 'stale_plan');
    expect(details.difference).toEqual({
      storesAdded: [],
      storesGone: [],
      nowDeleted: [added],
      noLongerDeleted: [both],
      nowKept: [both],
      noLongerKept: [],
      agentsAdded: [],
      agentsGone: [],
    });
    expect(sandbox.requests.writes).toBe(0);
    for (const id of [a, b, alone, both, all, added]) expect(isThere(id)).toBe(true);
    const ended = await over(await started({ planHash: String(details.planHash) }));
    expect(ended.status).toBe('succeeded');
    expect([both, all].every(isThere)).toBe(true);
    expect([a, b, alone, added].some(isThere)).toBe(false);
  });

  it('executes a plan once and rejects an unknown plan', async () => {
    const { a } = await stores();
    const planned = await plan({ storeIds: [a], files: 'keep' });
    using held = hold(sandbox, new RegExp(`^/vector_stores/${a}$`));
    const id = await started(planned);
    await held.reached;
    expect(expectErrorDetails(await start(planned.planHash), 409, 'stale_plan')).toEqual({ deletionId: id });
    held.release();
    expect((await over(id)).status).toBe('succeeded');
    expectError(await start(planned.planHash), 409, 'stale_plan');
    expectError(await start('0'.repeat(32)), 409, 'stale_plan');
    expectError(await espejo.request('POST', '/api/deletions', { json: {} }), 400, 'invalid_request');
  });

  it('rejects a plan whose objects are all gone', async () => {
    const { planHash } = await plan({ storeIds: ['vs_none'] });
    expectError(await start(planHash), 400, 'invalid_request');
  });
});

describe('steps that fail', () => {
  it('are parked with their reason, and a retry repeats only them', async () => {
    const { a, b, alone, both } = await stores();
    sandbox.faults.add({ kind: 'not_deleted', method: 'DELETE', path: `/vector_stores/${a}/files/${alone}` });
    const id = await started(await plan({ storeIds: [a, b] }));
    const parked = await over(id);
    expect(parked).toMatchObject({ status: 'parked', message: expect.stringMatching(/refused to detach/) });
    const waiting = (await ledgerOf(id)).rows.filter((step) => step.state === 'parked');
    expect(waiting.map((step) => [step.kind, step.storeId ?? step.fileId])).toEqual([
      ['detach', a],
      ['delete_file', alone],
      ['delete_store', a],
    ]);
    expect([a, alone].every(isThere)).toBe(true);
    expect([b, both].some(isThere)).toBe(false);

    sandbox.faults.clear();
    sandbox.requests.clear();
    expect((await act(id, 'retry')).status).toBe(202);
    expect(await over(id)).toMatchObject({ status: 'succeeded', message: null });
    expect([a, alone].some(isThere)).toBe(false);
    expect(sandbox.requests.byRoute).toMatchObject({
      'DELETE /vector_stores/*/files/*': 1,
      'DELETE /files/*': 1,
      'DELETE /vector_stores/*': 1,
    });
    expectError(await act(id, 'retry'), 409, 'deletion_not_open');
  });

  it('are all parked at once when the key is rejected, and nothing is deleted', async () => {
    const { a, outside, alone } = await stores();
    const planned = await plan({ storeIds: [a] });
    sandbox.faults.add({ kind: 'status', status: 401, method: 'DELETE' });
    const id = await started(planned);
    expect(await over(id)).toMatchObject({ status: 'parked', steps: { done: 0, pending: 0 } });
    expect([a, outside, alone].every(isThere)).toBe(true);
    sandbox.faults.clear();
    await act(id, 'retry');
    expect((await over(id)).status).toBe('succeeded');
  });
});

describe('a cancelled deletion', () => {
  it('finishes requests in flight, starts nothing more and records the outcome of each step', async () => {
    const { state } = sandbox;
    const fileIds = Array.from({ length: 30 }, (_, i) => state.createFile({ filename: `${i}.md`, content: 'x' }).id);
    const store = state.createStore({ name: 'Large', fileIds }).id;
    await syncOk(espejo);
    const planned = await plan({ storeIds: [store] });
    using held = hold(sandbox, new RegExp(`^/vector_stores/${store}/files/`));
    const id = await started(planned);
    await held.reached;
    expect((await act(id, 'cancel')).status).toBe(200);
    held.release();
    const ended = await over(id);
    expect(ended).toMatchObject({ status: 'cancelled', steps: { total: 61, pending: 0, parked: 0 } });
    expect(ended.steps.cancelled).toBeGreaterThan(31);
    const { rows } = await ledgerOf(id);
    const members = new Set(
      state
        .snapshot()
        .attachments.get(store)
        ?.map((row) => row.id),
    );
    for (const step of rows.filter(({ kind }) => kind === 'detach')) {
      expect(members.has(step.fileId ?? ''), `${step.fileId} ${step.state}`).toBe(step.state === 'cancelled');
    }
    expect(fileIds.every(isThere)).toBe(true);
    expect(isThere(store)).toBe(true);
    expectError(await act(id, 'cancel'), 409, 'deletion_not_open');
    expectError(await act(id, 'retry'), 409, 'deletion_not_open');
  });
});

describe('a deletion of a primary store', () => {
  it('moves the store to the trash, from which it can be restored once', async () => {
    const { id: own } = await espejo.call('createVectorStore', { body: { name: 'Ours' } });
    sandbox.requests.clear();
    const planned = await plan({ storeIds: [own] });
    expect(planned).toMatchObject({ isUndoable: true, requestsNeeded: 0, counts: { stores: 1 } });
    expect((await over(await started(planned))).status).toBe('succeeded');
    const ours = async () =>
      (await espejo.call('listVectorStores', { query: { source: 'primary' } })).data.map((store) => store.id);
    expect(await ours()).toEqual([]);
    expect((await espejo.call('getVectorStore', { params: { id: own } })).status).toBe('trashed');
    const restored = await espejo.call('restoreVectorStore', { params: { id: own } });
    expect(restored).toMatchObject({ id: own, name: 'Ours', status: 'completed' });
    expect(await ours()).toEqual([own]);
    expectError(await espejo.request('POST', `/api/vector-stores/${own}/restore`), 409, 'vector_store_not_in_trash');
    expect(sandbox.requests.total).toBe(0);
  });
});

describe('an unknown deletion', () => {
  it.each([
    ['GET', ''],
    ['GET', '/steps'],
    ['GET', '/events'],
    ['POST', '/retry'],
    ['POST', '/cancel'],
  ])('%s …%s answers 404', async (method, rest) => {
    expectError(await espejo.request(method, `/api/deletions/del_none${rest}`), 404, 'deletion_not_found');
  });
});
