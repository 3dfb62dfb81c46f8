import type { StoreSnapshot } from '@espejo/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareBytes, plainText, readAllPages } from '../../testing/pages.ts';
import { asSyncer, NOW_MS, storeRow } from '../../testing/rows.ts';
import { openTempDatabase, type TempDatabase } from '../../testing/temp-database.ts';
import { pieceOf, trickyText } from '../../testing/texts.ts';
import type { ExpiringFilter, StoreFilter } from './store-filter.ts';
import type { StoreKey, StoreSort } from './vector-store-list.ts';

/** A store as the oracle keeps it: plain fields, no columns made for sorting or searching. */
interface World extends StoreSnapshot {
  readonly connectionId: string | null;
  readonly isMissing: boolean;
}

const small = fc.integer({ min: 0, max: 3 });
const worldStore: fc.Arbitrary<Omit<World, 'id'>> = fc
  .record({
    name: fc.option(trickyText(12)),
    description: fc.option(trickyText(6), { freq: 3 }),
    status: fc.constantFrom('completed', 'in_progress', 'expired', 'un"known'),
    usageBytes: fc.oneof(small, fc.constant(2 ** 45)),
    total: small,
    failed: small,
    expiresAt: fc.option(small),
    lastActiveAt: fc.option(small),
    createdAt: small,
    connectionId: fc.constantFrom('conn', 'conn-2', null),
    isMissing: fc.boolean(),
  })
  .map(({ total, failed, ...store }) => ({
    ...storeRow(''),
    ...store,
    fileCounts: { in_progress: 0, completed: total, failed, cancelled: 0, total: total + failed },
  }));

/** Ids whose byte order differs from the order they were made in. */
const world = fc
  .uniqueArray(fc.integer({ min: 0, max: 999 }), { maxLength: 30 })
  .chain((numbers) =>
    fc
      .array(worldStore, { minLength: numbers.length, maxLength: numbers.length })
      .map((stores) => stores.map((store, i) => ({ ...store, id: `vs_${numbers[i]}X` }) satisfies World)),
  );

const SORTS = ['createdAt', 'name', 'usageBytes', 'files', 'lastActiveAt', 'expiresAt', 'status'] as const;

const query = (stores: readonly World[]) =>
  fc.record({
    filter: fc.record(
      {
        source: fc.constantFrom('primary', 'cache'),
        status: fc.constantFrom('completed', 'expired', 'un"known', 'missing', 'nothing'),
        connectionId: fc.constantFrom('conn', 'conn-2', 'unknown'),
        expiring: fc.record({ state: fc.constantFrom('soon', 'expired'), nowS: small, untilS: small }),
        hasFailedFiles: fc.boolean(),
        text: pieceOf(stores.flatMap((store) => [store.name ?? '', store.description ?? '', store.id])),
      },
      { requiredKeys: [] },
    ),
    sort: fc.constantFrom(...SORTS),
    order: fc.constantFrom('asc', 'desc'),
    limit: fc.integer({ min: 1, max: 9 }),
  });

const worldAndQueries = world.chain((stores) =>
  fc.record({ stores: fc.constant(stores), queries: fc.array(query(stores), { minLength: 1, maxLength: 5 }) }),
);

/** What a primary store keeps of a generated one: a name, a time of creation, and an expiry from 1 on. */
function asKept(store: World): World {
  if (store.connectionId !== null) return store;
  const { id, name, createdAt } = store;
  const fields = { name, createdAt, lastActiveAt: createdAt, expiresAt: store.expiresAt || null };
  return { ...storeRow(id, fields), connectionId: null, isMissing: false };
}

/** A primary store expires by the clock, a mirror when upstream says so. */
function isExpiring(store: World, { state, nowS, untilS }: ExpiringFilter): boolean {
  const endS = store.expiresAt ?? Number.POSITIVE_INFINITY;
  const hasEnded = store.status === 'expired' || (store.connectionId === null && endS <= nowS);
  return state === 'expired' ? hasEnded : !hasEnded && endS <= untilS;
}

function isWanted(store: World, filter: StoreFilter): boolean {
  const text = plainText(filter.text?.trim() ?? '');
  const texts = [store.name ?? '', store.description ?? '', store.id].map(plainText).join('\n');
  return (
    (filter.source === undefined || filter.source === (store.connectionId === null ? 'primary' : 'cache')) &&
    (filter.connectionId === undefined || filter.connectionId === store.connectionId) &&
    (filter.status === undefined || (filter.status === 'missing' ? store.isMissing : filter.status === store.status)) &&
    (filter.expiring === undefined || isExpiring(store, filter.expiring)) &&
    (filter.hasFailedFiles !== true || store.fileCounts.failed > 0) &&
    texts.includes(text)
  );
}

/** No name, no expiry: after everything. Never active: as of the epoch, before everything else. Ties go by id. */
const SORT_VALUE: Record<StoreSort, (store: World) => string | number> = {
  createdAt: (store) => store.createdAt,
  name: (store) => (store.name ? `named ${plainText(store.name)}` : 'unnamed'),
  usageBytes: (store) => store.usageBytes,
  files: (store) => store.fileCounts.total,
  lastActiveAt: (store) => store.lastActiveAt ?? 0,
  expiresAt: (store) => store.expiresAt ?? Number.POSITIVE_INFINITY,
  status: (store) => store.status,
};

function oracle(stores: readonly World[], filter: StoreFilter, sort: StoreSort, order: 'asc' | 'desc'): string[] {
  const compare = (a: World, b: World): number => {
    const [x, y] = [SORT_VALUE[sort](a), SORT_VALUE[sort](b)];
    const byValue = typeof x === 'string' ? compareBytes(x, String(y)) : x === y ? 0 : x < Number(y) ? -1 : 1;
    return byValue || compareBytes(a.id, b.id);
  };
  const ids = stores
    .filter((store) => isWanted(store, filter))
    .sort(compare)
    .map((store) => store.id);
  return order === 'asc' ? ids : ids.reverse();
}

describe('the list of stores', () => {
  let temp: TempDatabase;
  let tenants = 0;
  beforeAll(async () => {
    temp = await openTempDatabase();
  });
  afterAll(() => temp.dispose());

  /** Every generated world has a tenant of its own, next to those before it. */
  async function settle(stores: readonly World[]): Promise<string> {
    tenants += 1;
    const tenantId = `tenant-${tenants}`;
    await asSyncer(temp.db, { tenantId, connectionId: 'conn' }, async (tx) => {
      await tx.mirrorPermits.grant(tenantId, 'conn-2');
      for (const store of stores) {
        const { id, name, createdAt, connectionId } = store;
        if (connectionId === null) {
          await tx.vectorStores.insertPrimary({ tenantId, id, name, createdAtS: createdAt, nowMs: NOW_MS });
          if (store.expiresAt) {
            const expiryPolicy = { kind: 'at', instantS: store.expiresAt } as const;
            await tx.vectorStores.edit(tenantId, id, { expiryPolicy }, NOW_MS);
          }
          continue;
        }
        await tx.mirrorStores.upsert(tenantId, connectionId, [{ snapshot: store, fingerprint: '' }], NOW_MS);
        if (store.isMissing) await tx.mirrorStores.markMissing(tenantId, [id], NOW_MS);
      }
    });
    return tenantId;
  }

  it('equals a plain filter and sort, page by page: no gap, no repeat, the correct total', async () => {
    const property = fc.asyncProperty(worldAndQueries, async ({ stores, queries }) => {
      const kept = stores.map(asKept);
      const tenantId = await settle(stores);
      for (const { filter, sort, order, limit } of queries) {
        const { rows, total } = await readAllPages(limit, (after: StoreKey | undefined) =>
          temp.db.read.vectorStoreList.list({ tenantId, filter, sort, order, after, limit }),
        );
        const wanted = oracle(kept, filter, sort, order);
        expect(rows.map((row) => row.id)).toEqual(wanted);
        expect(total).toBe(wanted.length);
      }
    });
    await fc.assert(property, { numRuns: 150 });
  });

  it('returns every row as it was written', async () => {
    const property = fc.asyncProperty(world, async (stores) => {
      const tenantId = await settle(stores);
      const page = { tenantId, filter: {}, sort: 'createdAt', order: 'asc', after: undefined, limit: 100 } as const;
      const { rows } = await temp.db.read.vectorStoreList.list(page);
      for (const row of rows) {
        const { connectionId, isMissing, ...store } = asKept(stores.find(({ id }) => id === row.id) ?? fail(row.id));
        expect(row).toMatchObject({ ...store, connectionId, missingSinceMs: isMissing ? NOW_MS : null });
      }
    });
    await fc.assert(property, { numRuns: 30 });
  });

  it('counts each facet as a plain count does, under the text, the failed files and the end in force', async () => {
    const property = fc.asyncProperty(worldAndQueries, async ({ stores, queries }) => {
      const kept = stores.map(asKept);
      const tenantId = await settle(stores);
      for (const { filter } of queries) {
        const counts = await temp.db.read.vectorStoreList.countByFacet(tenantId, filter);
        const { text, expiring, hasFailedFiles } = filter;
        const wanted = new Map<string, number>();
        for (const store of kept) {
          if (!isWanted(store, { text, expiring, hasFailedFiles })) continue;
          const { connectionId, status, isMissing } = store;
          const key = JSON.stringify([connectionId === null ? 'primary' : 'cache', status, connectionId, isMissing]);
          wanted.set(key, (wanted.get(key) ?? 0) + 1);
        }
        const facetKey = (f: (typeof counts)[number]) =>
          JSON.stringify([f.source, f.status, f.connectionId, f.isMissing]);
        expect(new Map(counts.map((facet) => [facetKey(facet), facet.count]))).toEqual(wanted);
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('finds stores by their current names only, and no removed ones', async () => {
    const step = fc.record({ id: fc.constantFrom('vs_a', 'vs_b', 'vs_c'), name: fc.option(trickyText(6)) });
    const property = fc.asyncProperty(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 12 }), async (history) => {
      tenants += 1;
      const tenantId = `tenant-${tenants}`;
      const names = new Map<string, string | null>();
      for (const [{ id, name }, isGone] of history) {
        await asSyncer(temp.db, { tenantId }, (tx) =>
          isGone
            ? tx.mirrorStores.remove(tenantId, id)
            : tx.mirrorStores.upsert(tenantId, 'conn', [{ snapshot: storeRow(id, { name }), fingerprint: '' }], NOW_MS),
        );
        if (isGone) names.delete(id);
        else names.set(id, name);
      }
      for (const [{ name }] of history) {
        const text = name ?? '';
        const page = { tenantId, sort: 'createdAt', order: 'asc', after: undefined, limit: 10 } as const;
        const { rows } = await temp.db.read.vectorStoreList.list({ ...page, filter: { text } });
        const wanted = [...names].filter(([id, now]) => isWanted(worldOf(id, now), { text }));
        expect(rows.map((row) => row.id)).toEqual(wanted.map(([id]) => id).sort());
      }
    });
    await fc.assert(property, { numRuns: 60 });
    // The index agrees with the table in every row that all of these worlds left behind.
    const raw = temp.rawConnection();
    raw.exec("insert into vector_store_text (vector_store_text, rank) values ('integrity-check', 1)");
  });
});

function worldOf(id: string, name: string | null): World {
  return { ...storeRow(id, { name }), connectionId: 'conn', isMissing: false };
}

function fail(id: string): never {
  throw new Error(`The list shows ${id}, which was not written.`);
}
