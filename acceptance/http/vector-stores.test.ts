import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { expectError } from '../support/http.ts';
import { allPages } from '../support/pages.ts';
import { syncOk } from '../support/sync.ts';

let sandbox: RunningSandbox;
let espejo: Espejo;
let storeId: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.seed({ stores: 3, filesPerStore: 5 });
  storeId = sandbox.state.storeIds()[0] ?? '';
  espejo = await startEspejo({
    env: {
      OPENAI_BASE_URL: sandbox.url,
      OPENAI_API_KEY: 'sk-any',
      ESPEJO_SYNC_ENABLED: 'false',
      ESPEJO_REMOVAL_GRACE_S: '0',
    },
  });
  await syncOk(espejo);
});
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

describe('an edit of a mirror', () => {
  const edits: [string, { json?: unknown; body?: string }][] = [
    ['that is valid', { json: { name: 'Mine now' } }],
    ['that changes nothing', { json: {} }],
    ['without a body', {}],
    ['of the wrong type', { json: { name: 42 } }],
    ['of an unknown field', { json: { nmae: 'typo' } }],
    ['that is no object', { json: [1, 2, 3] }],
    ['of the policy alone', { json: { expiresAfter: null } }],
  ];
  it.each(edits)('%s is refused with 403 vector_store_read_only', async (_, options) => {
    // The words of a policy count down; only its instants are constant.
    const read = async () => ({
      ...(await espejo.call('getVectorStore', { params: { id: storeId } })),
      expiryText: '',
    });
    const before = await read();
    const answer = await espejo.request('PATCH', `/api/vector-stores/${storeId}`, options);
    const message = expectError(answer, 403, 'vector_store_read_only');
    expect(answer.json).toStrictEqual({
      error: { code: 'vector_store_read_only', message, requestId: answer.headers.get('x-request-id') },
    });
    // It names the store, and says what to do instead.
    expect(message).toContain(storeId);
    expect(message).toMatch(/edit it in the OpenAI project/i);
    expect(await read()).toEqual(before);
  });

  it('is distinguished from a malformed request', async () => {
    const answer = await espejo.request('PATCH', `/api/vector-stores/${storeId}`, {
      body: '{"name":',
      headers: { 'content-type': 'application/json' },
    });
    expectError(answer, 400, 'invalid_json');
  });

  it('sends nothing upstream', () => {
    expect(sandbox.requests.writes).toBe(0);
  });

  it('is explained by a field of the store', async () => {
    const store = await espejo.call('getVectorStore', { params: { id: storeId } });
    expect(store.readOnlyReason).toMatch(/mirror.*read-only.*'OpenAI'/);
  });
});

describe('unknown vector stores', () => {
  it.each([
    ['valid', { name: 'x' }],
    ['not valid', { name: 42, nonsense: true }],
  ])('answer 404 to an edit that is %s', async (_, json) => {
    expectError(await espejo.request('PATCH', '/api/vector-stores/vs_none', { json }), 404, 'vector_store_not_found');
  });

  it.each(['', '/files', '/history'])('answer 404 at /api/vector-stores/{id}%s', async (sub) => {
    const message = expectError(
      await espejo.request('GET', `/api/vector-stores/vs_none${sub}`),
      404,
      'vector_store_not_found',
    );
    expect(message).toContain('vs_none');
  });
});

describe('methods that a mirror does not have', () => {
  it.each([
    ['DELETE', '/api/vector-stores/ID', 'GET, PATCH'],
    ['PUT', '/api/vector-stores/ID', 'GET, PATCH'],
    ['PUT', '/api/vector-stores', 'GET, POST'],
    ['PUT', '/api/vector-stores/ID/files', 'GET, POST'],
    ['DELETE', '/api/files/ID', 'GET'],
    ['DELETE', '/api/sync-runs/ID', 'GET'],
  ])('%s %s answers 405 with the allowed methods', async (method, path, allowed) => {
    const answer = await espejo.request(method, path.replace('ID', storeId), { json: {} });
    expectError(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe(allowed);
  });
});

describe('the files of a store', () => {
  const list = (query: { limit?: number; cursor?: string | undefined; q?: string; status?: string }) =>
    espejo.call('listVectorStoreFiles', { params: { id: storeId }, query });

  it('are returned in pages, newest attachment first', async () => {
    const { rows, pageSizes } = await allPages((cursor) => list({ limit: 2, cursor }));
    expect(pageSizes).toEqual([2, 2, 1]);
    expect(rows).toEqual((await list({ limit: 200 })).data);
    const instants = rows.map((row) => row.createdAt);
    expect(instants).toEqual(instants.toSorted((a, b) => b - a));
  });

  it('are found by name, id and status', async () => {
    const [file] = (await list({ limit: 1 })).data;
    if (file?.filename == null) throw new Error('A seeded file has a name.');
    expect((await list({ q: file.filename.toUpperCase() })).data.map((row) => row.id)).toContain(file.id);
    expect((await list({ q: file.id.slice(5) })).data.map((row) => row.id)).toEqual([file.id]);
    expect((await list({ status: 'completed' })).total).toBe(5);
    expect(await list({ status: 'failed' })).toMatchObject({ data: [], total: 0 });
    expect(await list({ q: 'no such file' })).toMatchObject({ data: [], total: 0, isComplete: true });
  });
});

describe('the history of a store', () => {
  const history = (query: { limit?: number; cursor?: string | undefined } = {}) =>
    espejo.call('listVectorStoreHistory', { params: { id: storeId }, query });

  it('lists the differences each sync found, newest first, and omits syncs that found none', async () => {
    sandbox.state.updateStore(storeId, { name: 'Second name' });
    await syncOk(espejo);
    await syncOk(espejo);
    const [first = ''] = (
      await espejo.call('listVectorStoreFiles', { params: { id: storeId }, query: { limit: 1 } })
    ).data.map((row) => row.id);
    sandbox.state.detach(storeId, first);
    await syncOk(espejo);
    const removal = await syncOk(espejo);
    const { data, total } = await history();
    expect(data.map((entry) => entry.action)).toEqual(['changed', 'changed', 'changed', 'added']);
    expect(total).toBe(4);
    expect(data[0]).toMatchObject({ runId: removal.id, filesRemoved: 1, fileIds: { removed: [first] } });
    expect(data[1]).toMatchObject({ filesMissing: 1, fileIds: { missing: [first] } });
    expect(data[2]?.fields).toEqual([{ field: 'name', before: 'Store 00001', after: 'Second name' }]);
    expect(data[3]).toMatchObject({ filesAdded: 5 });
  });

  it('omits dry runs', async () => {
    sandbox.state.updateStore(storeId, { name: 'Third name' });
    const before = (await history()).total;
    await syncOk(espejo, { dryRun: true });
    expect((await history()).total).toBe(before);
    await syncOk(espejo);
    expect((await history()).total).toBe(before + 1);
  });

  it('is returned in pages', async () => {
    const { rows, pageSizes } = await allPages((cursor) => history({ limit: 2, cursor }));
    expect(pageSizes).toEqual([2, 2, 1]);
    expect(rows).toEqual((await history()).data);
  });
});
