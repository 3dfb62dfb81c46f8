import type { BindingMode, FileSearchOptions } from '@espejo/core';
import { beforeEach, expect, it } from 'vitest';
import { mirrorStores, NOW_MS, storeRow } from '../../testing/rows.ts';
import type { OpenTestDatabase } from '../../testing/temp-database.ts';
import { MINE, THEIRS, useTwoTenants } from '../../testing/two-tenants.ts';
import type { AgentBinding } from './agents.ts';

const OPTIONS: FileSearchOptions = {
  maxNumResults: 7,
  filters: { type: 'and', filters: [{ type: 'eq', key: 'lang', value: 'en' }] },
  ranker: 'auto',
  scoreThreshold: 0.4,
  includeSearchResults: true,
};

export function agentsSuite(open: OpenTestDatabase): void {
  const t = useTwoTenants(open);

  const binding = (vectorStoreId: string, mode: BindingMode = 'required'): AgentBinding => ({
    vectorStoreId,
    storeName: `was ${vectorStoreId}`,
    mode,
    options: OPTIONS,
    createdAtMs: NOW_MS,
    updatedAtMs: NOW_MS + 1,
  });
  const put = (key: string, ...bindings: AgentBinding[]) =>
    t.db.transaction((tx) => tx.agents.replace(MINE, key, bindings));
  const keysOf = async (input: { text?: string; after?: string; limit?: number }) => {
    const page = await t.db.read.agents.list({ tenantId: MINE, text: undefined, after: undefined, limit: 9, ...input });
    return [page.agents.map(({ key }) => key), page.total];
  };

  beforeEach(() => mirrorStores(t.db, { tenantId: MINE }, [storeRow('vs_1'), storeRow('vs_2')]));

  it('replaces the whole list of bindings in its order, and returns each store in its current state', async () => {
    await put('agent-1', binding('vs_2'), binding('vs_1', 'default'));
    const stored = await t.db.read.agents.find(MINE, 'agent-1');
    expect(stored?.bindings).toMatchObject([
      { ...binding('vs_2'), store: { tenantId: MINE, id: 'vs_2', name: 'Name of vs_2' } },
      { ...binding('vs_1', 'default'), store: { tenantId: MINE, id: 'vs_1' } },
    ]);
    await put('agent-1', binding('vs_1'));
    expect((await t.db.read.agents.find(MINE, 'agent-1'))?.bindings.map((one) => one.vectorStoreId)).toEqual(['vs_1']);
  });

  it('keeps a binding to a store that does not exist, and never returns the store of another tenant with that id', async () => {
    await put('agent-1', binding('vs_own'), binding('vs_gone'));
    const stored = await t.db.read.agents.find(MINE, 'agent-1');
    expect(stored?.bindings.map(({ storeName, store }) => [storeName, store])).toEqual([
      ['was vs_own', null],
      ['was vs_gone', null],
    ]);
  });

  it('lists agents by key, page by page, with their total', async () => {
    for (const key of ['b', 'Sales', 'c', 'a']) await put(key, binding('vs_1'), binding('vs_2'));
    expect(await keysOf({})).toEqual([['Sales', 'a', 'b', 'c'], 4]);
    expect(await keysOf({ limit: 2 })).toEqual([['Sales', 'a'], 4]);
    expect(await keysOf({ limit: 2, after: 'a' })).toEqual([['b', 'c'], 4]);
    expect(await keysOf({ text: 'sAL' })).toEqual([['Sales'], 1]);
    expect(await keysOf({ text: '%' })).toEqual([[], 0]);
  });

  it('lists which agents use the given stores', async () => {
    await put('b', binding('vs_1', 'default'));
    await put('a', binding('vs_1'), binding('vs_2'));
    expect(await t.db.read.agents.listUses(MINE, ['vs_1', 'vs_none', 'vs_own'])).toEqual([
      { storeId: 'vs_1', agentKey: 'a', mode: 'required' },
      { storeId: 'vs_1', agentKey: 'b', mode: 'default' },
    ]);
    expect(await t.db.read.agents.listUses(MINE, [])).toEqual([]);
    expect(await t.db.read.agents.listUses(THEIRS, ['vs_1'])).toHaveLength(1);
  });

  it('removes an agent with its last binding', async () => {
    await put('agent-1', binding('vs_1'));
    await put('a', binding('vs_1'));
    await t.db.transaction((tx) => tx.agents.remove(MINE, 'agent-1'));
    expect(await t.db.read.agents.find(MINE, 'agent-1')).toBeUndefined();
    await put('a');
    expect(await keysOf({})).toEqual([[], 0]);
  });
}
