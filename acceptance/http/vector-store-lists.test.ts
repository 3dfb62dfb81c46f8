import type { ListVectorStoresQuery, VectorStore, VectorStoreSort } from '@espejo/contracts';
import { type RunningSandbox, startSandbox } from '@espejo/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Espejo, startEspejo } from '../support/espejo.ts';
import { allPages } from '../support/pages.ts';
import { syncOk } from '../support/sync.ts';

type Query = { -readonly [K in keyof ListVectorStoresQuery]?: ListVectorStoresQuery[K] };

const DAY_S = 86_400;

let sandbox: RunningSandbox;
let espejo: Espejo;
let stores: VectorStore[];

const list = (query: Query = {}) => espejo.call('listVectorStores', { query });
const allIds = async (query: Query) =>
  (await allPages<VectorStore>((cursor) => list({ ...query, cursor }))).rows.map((row) => row.id);
const idsWhere = (matches: (store: VectorStore) => boolean) => new Set(stores.filter(matches).map((store) => store.id));

beforeAll(async () => {
  sandbox = await startSandbox();
  const nowS = Math.floor(Date.now() / 1000);
  sandbox.seed({ stores: 40, attachments: 130, epochMs: (nowS - DAY_S) * 1000, spanDays: 30 });
  const { state } = sandbox;
  const named = ['Zebra', 'apple', 'ÁRVORE', '50% off_100', 'say "hi"', "it's", 'emoji 🧭🧭', '名前テスト', 'ab', ''];
  for (const name of named) state.createStore({ name, description: `About ${name}` });
  state.createStore({ name: null, description: 'needle in a description' });
  for (const _ of [1, 2]) state.createStore({ name: 'Twin' });
  const expired = state.createStore({
    name: 'Expired',
    expiresAfterDays: 1,
    createdAt: nowS - 9 * DAY_S,
    lastActiveAt: nowS - 9 * DAY_S,
  });
  state.createStore({ name: 'Expires soon', expiresAfterDays: 2 });
  const busy = state.createStore({ name: 'Busy' });
  state.createBatch(busy.id, [{ fileId: state.createFile({ filename: 'stuck.txt' }).id, isStuck: true }]);
  espejo = await startEspejo({
    env: { OPENAI_BASE_URL: sandbox.url, OPENAI_API_KEY: 'sk-any', ESPEJO_SYNC_ENABLED: 'false' },
  });
  await syncOk(espejo);
  // One of them is no longer listed, and waits for its grace period.
  state.deleteStore(expired.id);
  await syncOk(espejo);
  stores = (await allPages<VectorStore>((cursor) => list({ limit: 200, cursor }))).rows;
});
afterAll(async () => {
  await espejo?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

/** The sort key of each order; an absent value sorts last or first. */
const SORT_KEYS: Record<VectorStoreSort, (store: VectorStore) => string | number> = {
  createdAt: (store) => store.createdAt,
  name: (store) => (store.name ? store.name.normalize('NFKC').toLowerCase() : '\u{10FFFF}'),
  usageBytes: (store) => store.usageBytes,
  files: (store) => store.fileCounts.total,
  lastActiveAt: (store) => store.lastActiveAt ?? 0,
  expiresAt: (store) => store.expiresAt ?? Number.MAX_SAFE_INTEGER,
  status: (store) => store.status,
};

describe('sorting vector stores', () => {
  const cases = (Object.keys(SORT_KEYS) as VectorStoreSort[]).flatMap((sort) => [
    { sort, order: 'asc' as const },
    { sort, order: 'desc' as const },
  ]);
  it.each(cases)('by $sort $order returns every store once, in order, over pages of 7', async ({ sort, order }) => {
    const { rows, pageSizes } = await allPages<VectorStore>((cursor) => list({ sort, order, limit: 7, cursor }));
    const key = SORT_KEYS[sort];
    const compare = (a: VectorStore, b: VectorStore) => compareUtf8(key(a), key(b)) || compareUtf8(a.id, b.id);
    const expected = stores.toSorted((a, b) => (order === 'asc' ? compare(a, b) : compare(b, a)));
    expect(rows.map((row) => row.id)).toEqual(expected.map((row) => row.id));
    expect(pageSizes.slice(0, -1).every((size) => size === 7)).toBe(true);
    expect(pageSizes.at(-1)).toBeGreaterThan(0);
  });

  it('defaults to newest first, fifty a page', async () => {
    const page = await list();
    expect(page.data).toHaveLength(50);
    expect(page.data).toEqual((await list({ sort: 'createdAt', order: 'desc', limit: 50 })).data);
  });

  it('ends with the page of the last row and never returns an empty page', async () => {
    const { total } = await list({ limit: 1 });
    expect(total).toBe(stores.length);
    const whole = await list({ limit: total });
    expect(whole).toMatchObject({ nextCursor: null, total });
    expect(whole.data).toHaveLength(total);
    const { pageSizes } = await allPages<VectorStore>((cursor) => list({ q: 'twin', limit: 1, cursor }));
    expect(pageSizes).toEqual([1, 1]);
  });
});

describe('filtering vector stores', () => {
  it('works by source', async () => {
    expect(new Set(await allIds({ source: 'cache' }))).toEqual(idsWhere(() => true));
    expect(await list({ source: 'primary' })).toMatchObject({ data: [], total: 0, nextCursor: null });
  });

  it('works by upstream status and by its absence', async () => {
    const statuses = new Set(stores.map((store) => store.status));
    expect(statuses).toEqual(new Set(['completed', 'in_progress', 'expired']));
    for (const status of statuses) {
      expect(new Set(await allIds({ status }))).toEqual(idsWhere((store) => store.status === status));
    }
    expect(new Set(await allIds({ status: 'missing' }))).toEqual(idsWhere((store) => store.missingSince !== null));
    expect(stores.filter((store) => store.missingSince !== null).map((store) => store.name)).toEqual(['Expired']);
    expect((await list({ status: 'no-such-status' })).total).toBe(0);
  });

  it('works by connection', async () => {
    expect((await list({ connectionId: 'default' })).total).toBe(stores.length);
    expect(await list({ connectionId: 'conn_other' })).toMatchObject({ data: [], total: 0, asOf: null });
  });

  it.each([
    ['APPLE', ['apple']],
    ['árvore', ['ÁRVORE']],
    ['ÁRV', ['ÁRVORE']],
    ['50%', ['50% off_100']],
    ['f_1', ['50% off_100']],
    ['"hi"', ['say "hi"']],
    ["t's", ["it's"]],
    ['🧭', ['emoji 🧭🧭']],
    ['🧭🧭', ['emoji 🧭🧭']],
    ['名前', ['名前テスト']],
    ['テスト', ['名前テスト']],
    ['needle in', [null]],
    ['  needle  ', [null]],
    ['twin', ['Twin', 'Twin']],
    ['no store is called so', []],
    ['*', []],
    ['apple OR zebra', []],
  ])('works by the text %j', async (q, names) => {
    const page = await list({ q });
    expect(page.data.map((store) => store.name).sort()).toEqual([...names].sort());
    expect(page.total).toBe(names.length);
  });

  it('works by part of an id', async () => {
    const id = stores[3]?.id ?? '';
    expect((await list({ q: id.slice(4, 20) })).data.map((store) => store.id)).toEqual([id]);
  });

  it('works with several filters and a text of any length', async () => {
    const q = 'ab';
    const matches = (store: VectorStore) =>
      [store.name, store.description, store.id].some((text) => text?.toLowerCase().includes(q)) &&
      store.status === 'completed';
    expect(idsWhere(matches).size).toBeGreaterThan(1);
    expect(
      new Set(await allIds({ q, status: 'completed', source: 'cache', connectionId: 'default', limit: 2 })),
    ).toEqual(idsWhere(matches));
  });
});

describe('facets of vector stores', () => {
  const facets = (query: Query = {}) => espejo.call('getVectorStoreFacets', { query });
  const countValues = (rows: readonly VectorStore[]) => {
    const counts: Record<string, number> = {};
    for (const { status } of rows) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  };

  it('count the rows that each value would show', async () => {
    expect(await facets()).toEqual({
      source: { cache: stores.length },
      status: countValues(stores),
      connectionId: { default: stores.length },
      missing: 1,
      failedFiles: 0,
    });
  });

  it('count under the other filters, not under their own', async () => {
    const completed = stores.filter((store) => store.status === 'completed');
    expect(await facets({ status: 'completed' })).toEqual({
      source: { cache: completed.length },
      status: countValues(stores),
      connectionId: { default: completed.length },
      missing: 1,
      failedFiles: 0,
    });
    expect(await facets({ source: 'primary' })).toMatchObject({
      source: { cache: stores.length },
      status: {},
      missing: 0,
    });
    expect(await facets({ q: 'twin' })).toMatchObject({ source: { cache: 2 }, status: { completed: 2 } });
  });

  it('agree with the totals of the list', async () => {
    const { status } = await facets();
    for (const [value, count] of Object.entries(status))
      expect((await list({ status: value, limit: 1 })).total).toBe(count);
  });
});

describe('pages of vector stores while the collection changes', () => {
  it('contain every store that existed at the start once, whatever is added between them', async () => {
    const before = await allIds({ sort: 'name', order: 'asc' });
    const added: string[] = [];
    const { rows } = await allPages<VectorStore>(
      (cursor) => list({ sort: 'name', order: 'asc', limit: 9, cursor }),
      async (page) => {
        // One that sorts before everything shown, one that sorts after.
        added.push(sandbox.state.createStore({ name: `AAA first ${page}` }).id);
        added.push(sandbox.state.createStore({ name: `zzz last ${page}` }).id);
        await syncOk(espejo);
      },
    );
    const shown = rows.map((row) => row.id);
    expect(new Set(shown).size).toBe(shown.length);
    expect(shown.filter((id) => !added.includes(id))).toEqual(before);
    expect(added.length).toBeGreaterThan(8);
    // New rows after the cursor are shown as well.
    expect(rows.filter((row) => row.name?.startsWith('zzz')).length).toBeGreaterThan(4);
    expect(rows.filter((row) => row.name?.startsWith('AAA'))).toEqual([]);
  });
});

describe('the as-of time of a list', () => {
  it('is when the rows were last confirmed', async () => {
    const startedS = Math.floor(Date.now() / 1000);
    await syncOk(espejo);
    const page = await list({ limit: 1, status: 'completed' });
    expect(page.asOf).toBeGreaterThanOrEqual(startedS);
    expect(page.asOf).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000));
    expect(page.data[0]?.lastSyncedAt).toBe(page.asOf);
    const status = await espejo.call('getStatus', {});
    expect(status).toMatchObject({
      asOf: page.asOf,
      primaryCount: 0,
      isSandbox: false,
      connectionCount: 1,
      nextSyncAt: null,
    });
    expect(status.mirrorCount).toBe(status.storeCount);
  });
});

/** Compares like the database: by code points, as UTF-8 bytes do and UTF-16 units do not. */
function compareUtf8(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}
