import { sql } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { vectorStore } from '../../schema/index.ts';
import { containing, createStoreCounts, EXPIRY_INDEX, matching } from './facet-counts.ts';
import {
  type FacetCount,
  facetTerms,
  isIndexed,
  isOfFacets,
  join,
  type StoreFilter,
  type StoreScope,
  scopeTerms,
  type Terms,
  textOf,
} from './store-filter.ts';
import { toRecord, type VectorStoreRecord } from './vector-stores.ts';

/** Each sort: its column, the index that has the column and every facet, and the value of a row to page from. */
const SORTS = {
  createdAt: { column: 'created_at_s', index: 'vector_store_sort_created', key: (row: SortRow) => row.createdAtS },
  name: { column: 'name_sort', index: 'vector_store_sort_name', key: (row: SortRow) => row.nameSort },
  usageBytes: { column: 'usage_bytes', index: 'vector_store_sort_usage', key: (row: SortRow) => row.usageBytes },
  files: { column: 'files_total', index: 'vector_store_sort_files', key: (row: SortRow) => row.filesTotal },
  lastActiveAt: {
    column: 'last_active_sort',
    index: 'vector_store_sort_active',
    key: (row: SortRow) => row.lastActiveSort,
  },
  expiresAt: { column: 'expires_sort', index: 'vector_store_sort_expiry', key: (row: SortRow) => row.expiresSort },
  status: { column: 'status', index: 'vector_store_sort_status', key: (row: SortRow) => row.status },
} as const;

type SortRow = typeof vectorStore.$inferSelect;
export type StoreSort = keyof typeof SORTS;

/** Where a page ends: the sort value and the id of its last row. */
export interface StoreKey {
  readonly value: string | number;
  readonly id: string;
}

export interface StoreListInput {
  readonly tenantId: string;
  readonly filter: StoreFilter;
  readonly sort: StoreSort;
  readonly order: 'asc' | 'desc';
  readonly after: StoreKey | undefined;
  readonly limit: number;
}

export interface StoreListPage {
  readonly rows: readonly VectorStoreRecord[];
  /** Null on the last page. */
  readonly next: StoreKey | null;
  readonly total: number;
}

/** How many rows at the front of a sort are searched for a common text before the text index is read completely. */
const FRONT = 1000;

/** Pages, filters and counts vector stores, by keyset along one covering index per sort. */
export function createVectorStoreListRepository(handle: Handle) {
  const { orm, statement } = handle;
  const { countsOf } = createStoreCounts(handle);
  // Read by every list request, so its SQL is made once.
  const bySeqs = orm
    .select()
    .from(vectorStore)
    .where(sql`${vectorStore.seq} in (select value from json_each(${sql.placeholder('seqs')}))`)
    .prepare();

  /** The numbers of the first `count` rows of a page, in their order. */
  function findSeqs(input: StoreListInput, known: readonly number[] | null, count: number): number[] {
    const { tenantId, filter, sort, order, after } = input;
    const { column, index } = SORTS[sort];
    const keyset: Terms =
      after === undefined
        ? { terms: [], values: [] }
        : { terms: [`(${column}, id) ${order === 'asc' ? '>' : '<'} (?, ?)`], values: [after.value, after.id] };
    const base = join(scopeTerms(tenantId, filter), facetTerms(filter), keyset);
    const inOrder = `order by ${column} ${order}, id ${order} limit ?`;
    const along = `vector_store indexed by ${filter.expiring === undefined ? index : EXPIRY_INDEX}`;
    const select = (from: string, { terms, values }: Terms): number[] =>
      statement(`select seq from ${from} where ${terms.join(' and ')} ${inOrder}`)
        .pluck()
        .all(...values, count) as number[];

    if (known !== null) {
      const few = { terms: ['seq in (select value from json_each(?))'], values: [JSON.stringify(known)] };
      return select('vector_store not indexed', join(few, base));
    }
    const text = textOf(filter);
    if (text === null) return select(along, base);
    const front = `(select seq, id, ${column}, search_text from ${along} where ${base.terms.join(' and ')}
      order by ${column} ${order}, id ${order} limit ${FRONT})`;
    const { terms, values } = containing(text);
    const found = select(front, { terms, values: [...base.values, ...values] });
    if (found.length === count) return found;
    return select(along, join(base, isIndexed(text) ? matching(text) : containing(text)));
  }

  return {
    async list(input: StoreListInput): Promise<StoreListPage> {
      const { tenantId, filter, sort, limit } = input;
      const { facets, seqs: known } = countsOf(tenantId, filter);
      const total = facets.reduce((sum, facet) => sum + (isOfFacets(filter, facet) ? facet.count : 0), 0);
      if (total === 0) return { rows: [], next: null, total };
      const seqs = findSeqs(input, known, limit + 1);
      const page = seqs.slice(0, limit);
      const rows = page.length === 0 ? [] : bySeqs.all({ seqs: JSON.stringify(page) });
      const rank = new Map(page.map((seq, i) => [seq, i]));
      rows.sort((a, b) => (rank.get(a.seq) ?? 0) - (rank.get(b.seq) ?? 0));
      const last = rows.at(-1);
      const next = seqs.length > limit && last !== undefined ? { value: SORTS[sort].key(last), id: last.id } : null;
      return { rows: rows.map(toRecord), next, total };
    },
    /** Counts by every combination of facets that occurs, within the scope. */
    async countByFacet(tenantId: string, scope: StoreScope = {}): Promise<readonly FacetCount[]> {
      return countsOf(tenantId, scope).facets.filter((facet) => isOfFacets({}, facet));
    },
  };
}
