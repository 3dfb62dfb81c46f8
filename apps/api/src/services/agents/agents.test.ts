import type { AgentToolsQuery, PutAgentBody } from '@espejo/contracts';
import { PutAgentBody as PutAgentSchema } from '@espejo/contracts';
import { asSystem, type StoreSnapshot, storeFingerprint } from '@espejo/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ApiHarness, createApiHarness, NOW_MS, NOW_S, TENANT } from '../../testing/api-harness.ts';
import { assertServable } from '../lookup/assert-servable.ts';
import { findVectorStore } from '../lookup/find-vector-store.ts';
import { getVectorStore } from '../vector-stores/get-vector-store.ts';
import { bindingState } from './binding-state.ts';
import { deleteAgent } from './delete-agent.ts';
import { getAgent } from './get-agent.ts';
import { getAgentTools } from './get-agent-tools.ts';
import { listAgents } from './list-agents.ts';
import { putAgent } from './put-agent.ts';

const OTHER_TENANT = 'tenant-b';
const by = asSystem(TENANT, 'tester');
const filters = { type: 'eq', key: 'lang', value: 'en' };

let harness: ApiHarness;

beforeEach(async () => {
  harness = await createApiHarness();
  await harness.db.transaction(async (tx) => {
    await tx.tenants.ensure({ id: OTHER_TENANT, name: 'B', createdAtMs: NOW_MS });
    for (const id of ['vs_ours', 'vs_more', 'vs_ending', 'vs_trashed']) {
      const name = `Named ${id}`;
      await tx.vectorStores.insertPrimary({ tenantId: TENANT, id, name, createdAtS: NOW_S - 60, nowMs: NOW_MS });
    }
    await tx.vectorStores.insertPrimary({
      tenantId: OTHER_TENANT,
      id: 'vs_foreign',
      name: 'Theirs',
      createdAtS: NOW_S,
      nowMs: NOW_MS,
    });
    await tx.vectorStores.edit(TENANT, 'vs_ending', { expiryPolicy: { kind: 'at', instantS: NOW_S + 60 } }, NOW_MS);
    await tx.trash.put(TENANT, 'vs_trashed', NOW_MS);
    await tx.mirrorPermits.grant(TENANT, 'conn-1');
    await tx.mirrorStores.upsert(
      TENANT,
      'conn-1',
      [mirrored('vs_mirror'), mirrored('vs_mirror_2'), mirrored('vs_old', { status: 'expired' })],
      NOW_MS,
    );
    await tx.mirrorPermits.grant(TENANT, 'conn-2');
    await tx.mirrorStores.upsert(TENANT, 'conn-2', [mirrored('vs_elsewhere')], NOW_MS);
    await tx.mirrorPermits.revoke();
  });
});

function mirrored(id: string, more: Partial<StoreSnapshot> = {}) {
  const snapshot: StoreSnapshot = {
    id,
    name: `Named ${id}`,
    description: null,
    status: 'completed',
    fileCounts: { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: 0 },
    usageBytes: 0,
    metadata: {},
    expiresAfter: null,
    expiresAt: null,
    lastActiveAt: null,
    createdAt: NOW_S,
    extra: null,
    ...more,
  };
  return { snapshot, fingerprint: storeFingerprint(snapshot) };
}

type Bound = PutAgentBody['bindings'][number];
const put = (key: string, ...bindings: (string | Bound)[]) => {
  const body = bindings.map((one) => (typeof one === 'string' ? { vectorStoreId: one } : one));
  return putAgent(harness.deps, { by, key, ...PutAgentSchema.parse({ bindings: body }) });
};
const get = (key: string) => getAgent(harness.deps, { tenantId: TENANT, key });
const tools = async (key: string, query: Partial<AgentToolsQuery> = {}, storeIds: readonly string[] | null = null) =>
  (await getAgentTools(harness.deps, { tenantId: TENANT, storeIds, key, query: { mirrors: 'hosted', ...query } }))
    .tools;
const purge = (id: string) =>
  harness.db.transaction(async (tx) => {
    await tx.trash.put(TENANT, id, NOW_MS);
    await tx.trash.purge(TENANT, id, 'trashed', NOW_MS);
  });

describe('agent bindings', () => {
  it('keep the whole list in its order; a mirror may be bound like a primary store', async () => {
    const options = {
      maxNumResults: 5,
      filters,
      ranker: 'auto',
      scoreThreshold: 0.2,
      includeSearchResults: true,
    } as const;
    const agent = await put('support', { vectorStoreId: 'vs_mirror', mode: 'default', options }, 'vs_ours');
    expect(agent).toEqual({
      agentKey: 'support',
      brokenCount: 0,
      updatedAt: NOW_S,
      bindings: [
        {
          vectorStoreId: 'vs_mirror',
          name: 'Named vs_mirror',
          source: 'cache',
          connectionId: 'conn-1',
          mode: 'default',
          options,
          state: 'ready',
          boundAt: NOW_S,
        },
        {
          vectorStoreId: 'vs_ours',
          name: 'Named vs_ours',
          source: 'primary',
          connectionId: null,
          mode: 'required',
          options: {
            maxNumResults: null,
            filters: null,
            ranker: null,
            scoreThreshold: null,
            includeSearchResults: false,
          },
          state: 'ready',
          boundAt: NOW_S,
        },
      ],
    });
    harness.setNow(NOW_MS + 5000);
    const again = await put('support', 'vs_more', 'vs_ours');
    expect(again.bindings.map(({ vectorStoreId, boundAt }) => [vectorStoreId, boundAt])).toEqual([
      ['vs_more', NOW_S + 5],
      ['vs_ours', NOW_S],
    ]);
    expect(await get('support')).toEqual(again);
  });

  it.each([
    ['vs_none', 'vector_store_not_found'],
    ['vs_foreign', 'vector_store_not_found'],
    ['vs_trashed', 'vector_store_trashed'],
    ['vs_old', 'vector_store_expired'],
  ])('reject %s with %s, and change nothing', async (id, code) => {
    await put('support', 'vs_ours');
    await expect(put('support', 'vs_more', id)).rejects.toMatchObject({ code });
    expect((await get('support')).bindings.map(({ vectorStoreId }) => vectorStoreId)).toEqual(['vs_ours']);
  });

  it('give the same error for a store of another tenant as for an unknown id', async () => {
    const messageOf = (id: string) => put('support', id).catch((error: Error) => error.message.replace(id, 'ID'));
    expect(await messageOf('vs_foreign')).toBe(await messageOf('vs_none'));
  });

  it('reject a store named twice, and filters that one kind of search does not support', async () => {
    await expect(put('a', 'vs_ours', 'vs_ours')).rejects.toMatchObject({ code: 'invalid_request' });
    for (const bad of [
      { type: 'eq', key: 'k' },
      { type: 'in', key: 'k', value: [true] },
      { type: 'like', key: 'k', value: 'x' },
    ]) {
      const refusal = put('a', 'vs_ours', { vectorStoreId: 'vs_more', options: { filters: bad } });
      await expect(refusal).rejects.toMatchObject({
        code: 'invalid_request',
        message: expect.stringContaining("Invalid 'bindings[1].options.filters"),
      });
    }
  });

  it('are audited with before and after, and so is their removal', async () => {
    await put('support', 'vs_ours');
    await put('support', 'vs_more');
    await deleteAgent(harness.deps, { by, key: 'support' });
    await expect(get('support')).rejects.toMatchObject({ code: 'agent_not_found' });
    await expect(deleteAgent(harness.deps, { by, key: 'support' })).rejects.toMatchObject({ code: 'agent_not_found' });
    const filter = { tenantId: TENANT, text: undefined, actor: 'tester', kind: 'agent' };
    const events = await harness.db.read.audit.list(filter, null, 9);
    const idsOf = (list: unknown) => (list as Bound[] | undefined)?.map(({ vectorStoreId }) => vectorStoreId);
    expect(events.map(({ action, detail }) => [action, idsOf(detail?.before), idsOf(detail?.after)])).toEqual([
      ['agent.deleted', ['vs_more'], undefined],
      ['agent.bound', ['vs_ours'], ['vs_more']],
      ['agent.bound', [], ['vs_ours']],
    ]);
  });
});

describe('a binding whose store cannot be searched', () => {
  beforeEach(() => put('support', 'vs_ours', { vectorStoreId: 'vs_ending', mode: 'default' }));

  it('is kept and shown as broken, by the name the store had', async () => {
    await purge('vs_ours');
    harness.setNow(NOW_MS + 60_000);
    const { bindings, brokenCount } = await get('support');
    expect(brokenCount).toBe(2);
    expect(bindings.map(({ name, source, state }) => [name, source, state])).toEqual([
      ['Named vs_ours', null, 'missing'],
      ['Named vs_ending', 'primary', 'expired'],
    ]);
    const { data } = await listAgents(harness.deps, { tenantId: TENANT, query: { limit: 9 } });
    expect(data).toEqual([await get('support')]);
  });

  it('prevents building the tools, and the error names every such store', async () => {
    await purge('vs_ours');
    harness.setNow(NOW_MS + 60_000);
    await expect(tools('support')).rejects.toMatchObject({
      code: 'agent_store_unavailable',
      message:
        "Agent 'support' cannot be built: 'Named vs_ours' (vs_ours) does not exist; 'Named vs_ending' (vs_ending) has expired.",
      details: {
        agentKey: 'support',
        stores: [
          { id: 'vs_ours', name: 'Named vs_ours', mode: 'required', state: 'missing' },
          { id: 'vs_ending', name: 'Named vs_ending', mode: 'default', state: 'expired' },
        ],
      },
    });
  });

  it('can be left out only when it is a default binding', async () => {
    harness.setNow(NOW_MS + 60_000);
    await expect(tools('support')).rejects.toMatchObject({ code: 'agent_store_unavailable' });
    expect(await tools('support', { leaveOut: 'vs_ending' })).toHaveLength(1);
    for (const leaveOut of ['vs_ours', 'vs_ending,vs_ours', 'vs_more', '']) {
      await expect(tools('support', { leaveOut })).rejects.toMatchObject({ code: 'invalid_request' });
    }
  });

  it('is judged by the same rules as a search', async () => {
    for (const nowMs of [NOW_MS, NOW_MS + 59_999, NOW_MS + 60_000]) {
      for (const id of ['vs_ours', 'vs_ending', 'vs_trashed', 'vs_mirror', 'vs_old']) {
        const store = await findVectorStore(harness.deps, TENANT, id);
        const isServed = !isThrown(() => assertServable(store, nowMs));
        expect([id, bindingState(store, Math.floor(nowMs / 1000)) === 'ready']).toEqual([id, isServed]);
      }
    }
  });
});

describe('the tools of an agent', () => {
  it('are one file search for mirrors with equal options, and one function for each primary store', async () => {
    const options = { maxNumResults: 5, filters, ranker: 'default-2024-11-15', scoreThreshold: 0.2 } as const;
    await put(
      'support',
      { vectorStoreId: 'vs_mirror', options },
      { vectorStoreId: 'vs_ours', options },
      { vectorStoreId: 'vs_mirror_2', options },
    );
    const fields = {
      max_num_results: 5,
      filters,
      ranking_options: { ranker: 'default-2024-11-15', score_threshold: 0.2 },
    };
    expect(await tools('support')).toEqual([
      {
        kind: 'hosted',
        connectionId: 'conn-1',
        includeSearchResults: false,
        tool: { type: 'file_search', vector_store_ids: ['vs_mirror', 'vs_mirror_2'], ...fields },
      },
      {
        kind: 'function',
        vectorStoreId: 'vs_ours',
        tool: {
          type: 'function',
          name: 'search_named_vs_ours',
          description: "Searches the documents of 'Named vs_ours'.",
          strict: true,
          parameters: expect.objectContaining({ required: ['query'], additionalProperties: false }),
        },
        search: { method: 'POST', path: '/v1/vector_stores/vs_ours/search', body: fields },
      },
    ]);
  });

  it('omit every option that is at its default', async () => {
    await put('support', 'vs_mirror', 'vs_ours');
    const [hosted, own] = await tools('support');
    expect(hosted?.tool).toEqual({ type: 'file_search', vector_store_ids: ['vs_mirror'] });
    expect(own?.kind === 'function' && own.search.body).toEqual({});
  });

  it('cannot span two projects at OpenAI, but all can be searched through Espejo', async () => {
    await put('support', 'vs_mirror', 'vs_elsewhere');
    await expect(tools('support')).rejects.toMatchObject({
      code: 'agent_projects_mixed',
      details: { connectionIds: ['conn-1', 'conn-2'] },
    });
    const own = await tools('support', { mirrors: 'espejo' });
    expect(own.map((tool) => tool.kind === 'function' && tool.search.path)).toEqual([
      '/v1/vector_stores/vs_mirror/search',
      '/v1/vector_stores/vs_elsewhere/search',
    ]);
  });

  it('are returned to a key limited to some stores when the agent has no others', async () => {
    await put('support', 'vs_ours', 'vs_mirror');
    expect(await tools('support', {}, ['vs_mirror', 'vs_ours', 'vs_more'])).toHaveLength(2);
    // The error says how many stores the key cannot access, but not which.
    const refusal = await tools('support', {}, ['vs_ours']).catch((cause: unknown) => cause);
    expect(refusal).toMatchObject({
      code: 'agent_store_unavailable',
      message: expect.stringContaining('does not include one of its stores'),
      details: { unreachedCount: 1, stores: [] },
    });
    expect(JSON.stringify(refusal)).not.toContain('vs_mirror');
    await expect(tools('support', { leaveOut: 'vs_mirror' }, ['vs_ours'])).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('is not bound to this agent'),
    });
  });

  it('are not found for an unknown agent, nor for one of another tenant', async () => {
    await put('support', 'vs_ours');
    await expect(tools('none')).rejects.toMatchObject({ code: 'agent_not_found' });
    const theirs = getAgentTools(harness.deps, {
      tenantId: OTHER_TENANT,
      storeIds: null,
      key: 'support',
      query: { mirrors: 'hosted' },
    });
    await expect(theirs).rejects.toMatchObject({ code: 'agent_not_found' });
  });
});

it('a store lists the agents that use it', async () => {
  await put('b', { vectorStoreId: 'vs_mirror', mode: 'default' });
  await put('a', 'vs_mirror', 'vs_ours');
  const usedBy = async (id: string) => (await getVectorStore(harness.deps, { tenantId: TENANT, id })).usedBy;
  expect(await usedBy('vs_mirror')).toEqual([
    { agentKey: 'a', mode: 'required' },
    { agentKey: 'b', mode: 'default' },
  ]);
  expect(await usedBy('vs_more')).toEqual([]);
});

it('agents are listed page by page', async () => {
  for (const key of ['c', 'a', 'b']) await put(key, 'vs_ours');
  const page = (cursor: string | undefined) =>
    listAgents(harness.deps, { tenantId: TENANT, query: { limit: 2, cursor } });
  const first = await page(undefined);
  const second = await page(first.nextCursor ?? undefined);
  expect([first, second].map(({ data, total }) => [data.map(({ agentKey }) => agentKey), total])).toEqual([
    [['a', 'b'], 3],
    [['c'], 3],
  ]);
  expect(second.nextCursor).toBeNull();
  const found = await listAgents(harness.deps, { tenantId: TENANT, query: { limit: 2, q: ' C ' } });
  expect(found.data.map(({ agentKey }) => agentKey)).toEqual(['c']);
});

function isThrown(work: () => void): boolean {
  try {
    work();
    return false;
  } catch {
    return true;
  }
}
