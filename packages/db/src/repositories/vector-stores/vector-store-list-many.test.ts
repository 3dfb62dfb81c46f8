import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAllPages } from '../../testing/pages.ts';
import { asSyncer, NOW_MS, storeRow } from '../../testing/rows.ts';
import { openTempDatabase, type TempDatabase } from '../../testing/temp-database.ts';
import type { StoreFilter } from './store-filter.ts';
import type { StoreKey, StoreSort } from './vector-store-list.ts';

/*
 * More rows than `FEW_MAX`, so that queries are used which small worlds never reach. The text "knowledge" is in every
 * store of the second half by creation, and by name in none of the first thousand, so the front of a sort is full of it
 * or has none.
 */
const COUNT = 3000;
const me = { tenantId: 'mine', connectionId: 'conn' };
const STORES = Array.from({ length: COUNT }, (_, n) =>
  storeRow(`vs_${String(n).padStart(4, '0')}`, {
    name: n < COUNT / 2 ? `aa plain ${n % 7}` : `zz knowledge ${n % 7}`,
    status: n % 3 === 0 ? 'expired' : 'completed',
    createdAt: 1_700_000_000 + n,
    expiresAt: 1_800_000_000 + (n % 5),
  }),
);

describe('the list of many stores', () => {
  let temp: TempDatabase;
  beforeAll(async () => {
    temp = await openTempDatabase();
    await asSyncer(temp.db, me, (tx) =>
      tx.mirrorStores.upsert(
        me.tenantId,
        me.connectionId,
        STORES.map((snapshot) => ({ snapshot, fingerprint: '' })),
        NOW_MS,
      ),
    );
    // Of another tenant, which must never be counted with them.
    await asSyncer(temp.db, { tenantId: 'other', connectionId: 'conn-other' }, (tx) =>
      tx.mirrorStores.upsert(
        'other',
        'conn-other',
        [{ snapshot: storeRow('vs_o', { name: 'knowledge' }), fingerprint: '' }],
        NOW_MS,
      ),
    );
  });
  afterAll(() => temp.dispose());

  const idsOf = async (filter: StoreFilter, sort: StoreSort, order: 'asc' | 'desc') => {
    const { rows, total } = await readAllPages(200, (after: StoreKey | undefined) =>
      temp.db.read.vectorStoreList.list({ tenantId: me.tenantId, filter, sort, order, after, limit: 200 }),
    );
    expect(total).toBe(rows.length);
    return rows.map((row) => row.id);
  };
  const wanted = (isWanted: (store: (typeof STORES)[number]) => boolean, order: 'asc' | 'desc') => {
    const ids = STORES.filter(isWanted).map((store) => store.id);
    return order === 'asc' ? ids : ids.reverse();
  };
  const contains = (text: string) => (store: { name: string | null }) => store.name?.includes(text) === true;

  it.each(['asc', 'desc'] as const)(
    'finds a common text, at the front of the sort or far from it (%s)',
    async (order) => {
      expect(await idsOf({ text: 'Knowledge' }, 'createdAt', order)).toEqual(wanted(contains('knowledge'), order));
      expect((await idsOf({ text: 'knowledge' }, 'name', order)).toSorted()).toEqual(
        wanted(contains('knowledge'), 'asc'),
      );
    },
  );

  it.each(['asc', 'desc'] as const)('finds a text too short for the index (%s)', async (order) => {
    expect(await idsOf({ text: 'zz' }, 'createdAt', order)).toEqual(wanted(contains('zz'), order));
    expect(await idsOf({ text: 'a' }, 'createdAt', order)).toEqual(wanted(contains('a'), order));
  });

  it('filters by facets and expiry, with their counts', async () => {
    const isExpired = ({ status }: { status: string }) => status === 'expired';
    const expiring = { state: 'soon', nowS: 0, untilS: 1_800_000_003 } as const;
    expect(await idsOf({ text: 'knowledge', status: 'expired' }, 'createdAt', 'asc')).toEqual(
      wanted((store) => contains('knowledge')(store) && isExpired(store), 'asc'),
    );
    const isSoon = (store: (typeof STORES)[number]) => !isExpired(store) && (store.expiresAt ?? 0) <= expiring.untilS;
    expect(await idsOf({ expiring }, 'createdAt', 'desc')).toEqual(wanted(isSoon, 'desc'));
    const ofText = { text: 'n', expiring };
    expect(await idsOf(ofText, 'createdAt', 'asc')).toEqual(
      wanted((store) => isSoon(store) && contains('n')(store), 'asc'),
    );
    const counts = await temp.db.read.vectorStoreList.countByFacet(me.tenantId, { text: 'knowledge' });
    expect(counts.map(({ status, count }) => [status, count]).toSorted()).toEqual([
      ['completed', 1000],
      ['expired', 500],
    ]);
  });

  it('is counted again after any write', async () => {
    const total = async (filter: StoreFilter) =>
      (
        await temp.db.read.vectorStoreList.list({
          tenantId: me.tenantId,
          filter,
          sort: 'name',
          order: 'asc',
          after: undefined,
          limit: 1,
        })
      ).total;
    expect(await total({ text: 'zz' })).toBe(1500);
    expect(await total({ status: 'missing' })).toBe(0);
    await asSyncer(temp.db, me, (tx) => tx.mirrorStores.markMissing(me.tenantId, ['vs_0001', 'vs_2999'], NOW_MS));
    expect(await total({ status: 'missing' })).toBe(2);
    expect(await total({ status: 'missing', text: 'zz' })).toBe(1);
    await asSyncer(temp.db, me, (tx) => tx.mirrorStores.remove(me.tenantId, 'vs_2999'));
    expect(await total({ text: 'zz' })).toBe(1499);
  });
});
