import { ApiError, resolveAgentTools } from '@espejo/agents';
import { LIMITS, type PutAgentBody } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { RunContext, type Tool } from '@openai/agents';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_KEY, type Espejo, startEspejo } from '../support/espejo.ts';
import { expectError, expectErrorDetails } from '../support/http.ts';
import { allPages } from '../support/pages.ts';
import { syncOk } from '../support/sync.ts';

let sandbox: RunningSandbox;
let espejo: Espejo;
let openai: OpenAI;
let mirrorId = '';

beforeAll(async () => {
  sandbox = await startSandbox();
  espejo = await startEspejo({
    env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-any', ESPEJO_SYNC_ENABLED: 'false' },
  });
  openai = new OpenAI({ baseURL: `${espejo.url}/v1`, apiKey: API_KEY, maxRetries: 0 });
  const file = sandbox.state.createFile({ filename: 'returns.md', content: 'Returns are free within 14 days.' });
  mirrorId = sandbox.state.createStore({ name: 'Help center', fileIds: [file.id] }).id;
  await syncOk(espejo);
});
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

const put = (key: string, bindings: PutAgentBody['bindings']) =>
  espejo.call('putAgent', { params: { key }, body: { bindings } });
const resolve = (agentKey: string, more: { mirrors?: 'espejo'; leaveOut?: string[] } = {}) =>
  resolveAgentTools({ baseUrl: espejo.url, apiKey: API_KEY, agentKey, ...more });
const ask = async (tool: Tool | undefined, query: string) => {
  if (tool?.type !== 'function') throw new Error('That is no function.');
  return String(await tool.invoke(new RunContext(), JSON.stringify({ query })));
};
async function store(name: string, text = 'Nothing much.') {
  const { id } = await openai.vectorStores.create({ name });
  await openai.vectorStores.files.uploadAndPoll(id, new File([text], `${name}.md`), { pollIntervalMs: 20 });
  return id;
}

describe('an agent', () => {
  it('can be bound, read, listed, found by its stores and deleted', async () => {
    const id = await store('Handbook');
    const agent = await put('support', [{ vectorStoreId: id }, { vectorStoreId: mirrorId, mode: 'default' }]);
    expect(agent.bindings.map(({ name, source, mode, state }) => [name, source, mode, state])).toEqual([
      ['Handbook', 'primary', 'required', 'ready'],
      ['Help center', 'cache', 'default', 'ready'],
    ]);
    expect(await espejo.call('getAgent', { params: { key: 'support' } })).toEqual(agent);
    expect((await espejo.call('listAgents', { query: { q: 'SUPP' } })).data).toEqual([agent]);
    const usedBy = async (storeId: string) => (await espejo.call('getVectorStore', { params: { id: storeId } })).usedBy;
    expect(await usedBy(id)).toEqual([{ agentKey: 'support', mode: 'required' }]);
    expect(await usedBy(mirrorId)).toEqual([{ agentKey: 'support', mode: 'default' }]);

    await espejo.call('deleteAgent', { params: { key: 'support' } });
    expectError(await espejo.request('GET', '/api/agents/support'), 404, 'agent_not_found');
    expect(await usedBy(id)).toEqual([]);
    const { data } = await espejo.call('listAuditEvents', { query: { kind: 'agent' } });
    expect(data.map(({ action, subject }) => [action, subject])).toEqual([
      ['agent.deleted', 'support'],
      ['agent.bound', 'support'],
    ]);
  });

  it('does not change a mirror when it is bound to it', async () => {
    const writes = () => sandbox.requests.writes;
    const before = writes();
    await put('reader', [{ vectorStoreId: mirrorId }]);
    await espejo.call('deleteAgent', { params: { key: 'reader' } });
    expect(writes()).toBe(before);
  });

  it('is listed in pages', async () => {
    const id = await store('Many');
    for (const key of ['p-3', 'p-1', 'p-2', 'p-4', 'p-5']) await put(key, [{ vectorStoreId: id }]);
    const { rows, pageSizes } = await allPages((cursor) =>
      espejo.call('listAgents', { query: { q: 'p-', limit: 2, cursor } }),
    );
    expect([rows.map(({ agentKey }) => agentKey), pageSizes]).toEqual([
      ['p-1', 'p-2', 'p-3', 'p-4', 'p-5'],
      [2, 2, 1],
    ]);
    expectError(await espejo.request('GET', '/api/agents?cursor=x'), 400, 'unknown_cursor');
  });
});

describe('invalid agent bindings', () => {
  it.each([
    ['no list', {}],
    ['an empty list', { bindings: [] }],
    ['an unknown field', { bindings: [{ vectorStoreId: 'vs_1' }], name: 'x' }],
    ['an unknown mode', { bindings: [{ vectorStoreId: 'vs_1', mode: 'maybe' }] }],
    ['too many results', { bindings: [{ vectorStoreId: 'vs_1', options: { maxNumResults: 51 } }] }],
    ['an unknown ranker', { bindings: [{ vectorStoreId: 'vs_1', options: { ranker: 'none' } }] }],
    ['an invalid filter', { bindings: [{ vectorStoreId: 'vs_1', options: { filters: { type: 'like' } } }] }],
    [
      'too many stores',
      { bindings: Array.from({ length: LIMITS.agentStoresMax + 1 }, (_, n) => ({ vectorStoreId: `${n}` })) },
    ],
  ])('are rejected with 400: %s', async (_, json) => {
    const answer = await espejo.request('PUT', '/api/agents/a', { json });
    expect(answer.status, answer.text).toBe(400);
    expect(answer.json).toMatchObject({ error: { code: 'invalid_request' } });
  });

  it('are rejected for keys with characters that need quoting', async () => {
    const json = { bindings: [{ vectorStoreId: mirrorId }] };
    for (const key of ['%20', 'a%20b', '-a', '%00', 'a%2Fb', '%F0%9F%A7%AD', 'x'.repeat(LIMITS.agentKeyMax + 1)]) {
      expectError(await espejo.request('PUT', `/api/agents/${key}`, { json }), 400, 'invalid_request');
      expectError(await espejo.request('GET', `/api/agents/${key}`), 404, 'agent_not_found');
      expectError(await espejo.request('GET', `/api/agents/${key}/tools`), 404, 'agent_not_found');
      expectError(await espejo.request('DELETE', `/api/agents/${key}`), 404, 'agent_not_found');
    }
    for (const key of ['__proto__', 'constructor', 'none']) {
      expectError(await espejo.request('GET', `/api/agents/${key}`), 404, 'agent_not_found');
    }
  });

  it('are rejected as a whole when one of the stores does not exist', async () => {
    const id = await store('There');
    const json = { bindings: [{ vectorStoreId: id }, { vectorStoreId: 'vs_none' }] };
    expectError(await espejo.request('PUT', '/api/agents/nobody', { json }), 404, 'vector_store_not_found');
    expectError(await espejo.request('GET', '/api/agents/nobody'), 404, 'agent_not_found');
  });

  it('are rejected with a read-only key; a key that may search can resolve the tools', async () => {
    const { key } = await espejo.call('createApiKey', { body: { name: 'Agent process', role: 'viewer' } });
    const id = await store('Read me');
    await put('reading', [{ vectorStoreId: id }]);
    const json = { bindings: [{ vectorStoreId: id }] };
    expectErrorDetails(await espejo.request('PUT', '/api/agents/reading', { key, json }), 403, 'role_insufficient');
    expectErrorDetails(await espejo.request('DELETE', '/api/agents/reading', { key }), 403, 'role_insufficient');
    expect((await espejo.request('GET', '/api/agents/reading/tools', { key })).status).toBe(200);
  });
});

it('resolving tools and searching works with a key limited to searching these stores', async () => {
  const [id, other] = [await store('Least', 'The least that will do.'), await store('Other')];
  await put('least', [{ vectorStoreId: id }]);
  const { key } = await espejo.call('createApiKey', {
    body: { name: 'Least', role: 'viewer', actions: ['search'], storeIds: [id] },
  });
  const build = (agentKey: string) => resolveAgentTools({ baseUrl: espejo.url, apiKey: key, agentKey });
  const [tool] = await build('least');
  expect(await ask(tool, 'the least')).toContain('The least that will do.');
  expectErrorDetails(await espejo.request('GET', '/api/agents/least', { key }), 403, 'scope_insufficient');
  // A store outside the limits of the key is counted but not named.
  await put('more', [{ vectorStoreId: id }, { vectorStoreId: other }]);
  await expect(build('more')).rejects.toMatchObject({
    code: 'agent_store_unavailable',
    details: { unreachedCount: 1, stores: [] },
  });
});

describe('agent tools resolved in another process', () => {
  it('search a primary store with the options of its binding', async () => {
    const id = await store('Leave', 'Everybody has 30 days of leave.');
    await put('people', [{ vectorStoreId: id, options: { maxNumResults: 1 } }]);
    const [tool] = await resolve('people');
    expect(tool).toMatchObject({ type: 'function', name: 'search_leave' });
    const { results } = JSON.parse(await ask(tool, 'days of leave')) as {
      results: { filename: string; text: string }[];
    };
    expect(results).toMatchObject([{ filename: 'Leave.md', text: 'Everybody has 30 days of leave.' }]);
  });

  it('search a mirror at OpenAI, or through Espejo when the binding says so', async () => {
    await put('shop', [{ vectorStoreId: mirrorId, options: { scoreThreshold: 0 } }]);
    expect(await resolve('shop')).toMatchObject([
      { type: 'hosted_tool', name: 'file_search', providerData: { type: 'file_search', vector_store_ids: [mirrorId] } },
    ]);
    const [tool] = await resolve('shop', { mirrors: 'espejo' });
    expect(await ask(tool, 'returns within days')).toContain('Returns are free within 14 days.');
  });

  it('are not resolved while a bound store is missing: the error names it before any run', async () => {
    const id = await store('Going');
    await put('fragile', [{ vectorStoreId: mirrorId }, { vectorStoreId: id, mode: 'default' }]);
    const [, tool] = await resolve('fragile');
    await openai.vectorStores.delete(id);
    const refusal = await resolve('fragile').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ApiError);
    expect(refusal).toMatchObject({
      status: 410,
      code: 'agent_store_unavailable',
      message: `Agent 'fragile' cannot be built: 'Going' (${id}) is in the trash.`,
      details: { agentKey: 'fragile', stores: [{ id, name: 'Going', mode: 'default', state: 'trashed' }] },
    });
    // A tool built before gets an error, not an empty result.
    expect(await ask(tool, 'anything')).toMatch(/^The search failed \(\w+\): .* Nothing was searched/);
    expect(await resolve('fragile', { leaveOut: [id] })).toHaveLength(1);
    expect((await espejo.call('getAgent', { params: { key: 'fragile' } })).brokenCount).toBe(1);
    await espejo.call('restoreVectorStore', { params: { id } });
    expect(await resolve('fragile')).toHaveLength(2);
  });
});

it('a deletion plan names the bound agents and is severe when one of them requires the store', async () => {
  const id = await store('RequiredAccess');
  const plan = () => espejo.call('planDeletion', { body: { storeIds: [id], files: 'keep' } });
  const calm = await plan();
  expect(calm).toMatchObject({ severity: 'low', agents: [], warnings: [] });
  await put('needing', [{ vectorStoreId: id }]);
  expect(await plan()).toMatchObject({
    severity: 'high',
    agentCount: 1,
    agents: [{ agentKey: 'needing', mode: 'required', storeCount: 1 }],
    stores: [{ id, usedBy: [{ agentKey: 'needing', mode: 'required' }] }],
    warnings: [{ code: 'agents_need_it' }],
  });
  const stale = await espejo.request('POST', '/api/deletions', { json: { planHash: calm.planHash } });
  expect(expectErrorDetails(stale, 409, 'stale_plan')).toMatchObject({
    difference: { agentsAdded: ['needing (required)'] },
  });
});
