import { asSystem, type BindingMode } from '@espejo/core';
import { describe, expect, it } from 'vitest';
import { TENANT_ID } from '../../testing/sync-harness.ts';
import { type ThreeStores, threeStores } from '../../testing/three-stores.ts';
import { getAgent } from '../agents/get-agent.ts';
import { putAgent } from '../agents/put-agent.ts';

const OPTIONS = { maxNumResults: null, filters: null, ranker: null, scoreThreshold: null, includeSearchResults: false };

const bind = ({ h }: ThreeStores, key: string, modes: Readonly<Record<string, BindingMode>>) =>
  putAgent(h.deps, {
    by: asSystem(TENANT_ID, 'tester'),
    key,
    bindings: Object.entries(modes).map(([vectorStoreId, mode]) => ({ vectorStoreId, mode, options: OPTIONS })),
  });
const own = async ({ h }: ThreeStores, id: string) =>
  h.deps.db.transaction((tx) =>
    tx.vectorStores.insertPrimary({ tenantId: TENANT_ID, id, name: 'Ours', createdAtS: 1, nowMs: h.clock.nowMs() }),
  );

describe('the agents that a deletion plan names', () => {
  it('are named by store and altogether, those that require a store first', async () => {
    const world = await threeStores();
    const { h, a, b, c } = world;
    await bind(world, 'sales', { [a]: 'default', [c]: 'required' });
    await bind(world, 'support', { [a]: 'default', [b]: 'required' });
    const plan = await h.plan({ storeIds: [a, b] });
    expect(Object.fromEntries(plan.stores.map(({ id, usedBy }) => [id, usedBy]))).toEqual({
      [a]: [
        { agentKey: 'sales', mode: 'default' },
        { agentKey: 'support', mode: 'default' },
      ],
      [b]: [{ agentKey: 'support', mode: 'required' }],
    });
    expect([plan.agents, plan.agentCount]).toEqual([
      [
        { agentKey: 'support', mode: 'required', storeCount: 2 },
        { agentKey: 'sales', mode: 'default', storeCount: 1 },
      ],
      2,
    ]);
    expect(plan.warnings.filter(({ code }) => code.startsWith('agents'))).toEqual([
      { code: 'agents_need_it', message: "Agent 'support' cannot be built any more without a store of this plan." },
      { code: 'agents_use_it', message: "Agent 'sales' can only be built by leaving a store of this plan out." },
    ]);
  });

  it('count as severe when one of them requires a store, even one that only goes to the trash', async () => {
    const world = await threeStores();
    await own(world, 'vs_ours');
    const severity = async () => (await world.h.plan({ storeIds: ['vs_ours'] })).severity;
    expect(await severity()).toBe('low');
    await bind(world, 'support', { vs_ours: 'default' });
    expect(await severity()).toBe('low');
    await bind(world, 'support', { vs_ours: 'required' });
    expect(await severity()).toBe('high');
  });

  it('are shortened to a few names when they are many', async () => {
    const world = await threeStores();
    for (const key of ['d', 'c', 'b', 'a', 'e']) await bind(world, key, { [world.a]: 'required' });
    const [warning] = (await world.h.plan({ storeIds: [world.a] })).warnings;
    expect(warning?.message).toBe(
      "Agents 'a', 'b', 'c' and 2 more cannot be built any more without a store of this plan.",
    );
  });
});

it('a plan is stale when another agent uses a store of it', async () => {
  const world = await threeStores();
  const { h, a, c } = world;
  const { planHash } = await h.plan({ storeIds: [a] });
  await bind(world, 'elsewhere', { [c]: 'required' });
  await bind(world, 'support', { [a]: 'required' });
  await expect(h.start(planHash)).rejects.toMatchObject({
    code: 'stale_plan',
    details: { difference: { agentsAdded: ['support (required)'], agentsGone: [], storesAdded: [], nowDeleted: [] } },
  });
  expect(h.sandbox.requests.writes).toBe(0);
});

it('a binding outlives its store, which is shown as missing', async () => {
  const world = await threeStores();
  const { h, a } = world;
  await own(world, 'vs_ours');
  await bind(world, 'support', { [a]: 'required', vs_ours: 'default' });
  expect((await h.carryOut({ storeIds: [a, 'vs_ours'] })).status).toBe('succeeded');
  const agent = await getAgent(h.deps, { tenantId: TENANT_ID, key: 'support' });
  expect(agent.bindings.map(({ vectorStoreId, name, source, state }) => [vectorStoreId, name, source, state])).toEqual([
    [a, 'A', null, 'missing'],
    ['vs_ours', 'Ours', 'primary', 'trashed'],
  ]);
});
