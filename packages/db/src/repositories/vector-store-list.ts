import { inArray } from 'drizzle-orm';
import type { Handle } from '../connect.ts';
import { vectorStore } from '../schema/index.ts';
import { searchKey } from '../search-text.ts';
import { TRASHED } from './trash.ts';
import { toRecord, type VectorStoreRecord } from './vector-stores.ts';

/** Texts of fewer characters have no trigram; they are looked for in every row. */
const TRIGRAM_LENGTH = 3;

/** Each sort: its column, the index that holds the column and every facet, and the value of a row to page from. */
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

/** Along this one only stores whose end is near or past are looked at, whatever they are sorted by. */
const EXPIRY_INDEX = 'vector_store_sort_expiry';

type SortRow = typeof vectorStore.$inferSelect;
export type StoreSort = keyof typeof SORTS;

export interface StoreFilter {
  readonly source?: 'primary' | 'cache' | undefined;
  /** A status, or `missing`: absent from the last complete listing. */
  readonly status?: string | undefined;
  readonly connectionId?: string | undefined;
  readonly text?: string | undefined;
  readonly expiring?: ExpiringFilter | undefined;
}

/** Stores by their end, ours and mirrors alike, as of one instant: a filter that is kept must not move with the clock. */
export interface ExpiringFilter {
  /** soon: ends by `untilS` and has not ended. expired: has. */
  readonly state: 'soon' | 'expired';
  readonly nowS: number;
  readonly untilS: number;
}

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

export interface FacetCount {
  readonly source: 'primary' | 'cache';
  readonly status: string;
  readonly connectionId: string | null;
  readonly isMissing: boolean;
  readonly count: number;
}

/** Paging, filtering and counting of vector stores, by keyset along one covering index per sort. */
export function createVectorStoreListRepository({ orm, statement }: Handle) {
  return {
    async list(input: StoreListInput): Promise<StoreListPage> {
      const { sort, order, after, limit } = input;
      const { column, index, key } = SORTS[sort];
      const { where, values } = toWhere(input.tenantId, input.filter);
      const total = statement(`select count(*) from vector_store indexed by ${countIndex(input.filter)} where ${where}`)
        .pluck()
        .get(...values) as number;
      const keyset = after === undefined ? '' : `and (${column}, id) ${order === 'asc' ? '>' : '<'} (?, ?)`;
      const seqs = statement(
        `select seq from vector_store indexed by ${input.filter.expiring === undefined ? index : EXPIRY_INDEX} where ${where} ${keyset}
          order by ${column} ${order}, id ${order} limit ?`,
      )
        .pluck()
        .all(...values, ...(after === undefined ? [] : [after.value, after.id]), limit + 1) as number[];
      const page = seqs.slice(0, limit);
      const rows = page.length === 0 ? [] : await orm.select().from(vectorStore).where(inArray(vectorStore.seq, page));
      const rank = new Map(page.map((seq, i) => [seq, i]));
      rows.sort((a, b) => (rank.get(a.seq) ?? 0) - (rank.get(b.seq) ?? 0));
      const last = rows.at(-1);
      const next = seqs.length > limit && last !== undefined ? { value: key(last), id: last.id } : null;
      return { rows: rows.map(toRecord), next, total };
    },
    /** Counts by every combination of facets that occurs, under the filters that are no facet. */
    async countByFacet(tenantId: string, filter: Pick<StoreFilter, 'text' | 'expiring'> = {}): Promise<FacetCount[]> {
      const { where, values } = toWhere(tenantId, { text: filter.text, expiring: filter.expiring });
      const rows = statement(
        `select source, status, connection_id, missing_since_ms is not null, count(*)
           from vector_store indexed by ${countIndex(filter)} where ${where} group by 1, 2, 3, 4`,
      )
        .raw()
        .all(...values) as ['primary' | 'cache', string, string | null, number, number][];
      return rows.map(([source, status, connectionId, isMissing, count]) => ({
        source,
        status,
        connectionId,
        isMissing: isMissing === 1,
        count,
      }));
    },
  };
}

/** The index to count along: it holds every column that the filter looks at. */
function countIndex(filter: StoreFilter): string {
  return filter.expiring === undefined ? 'vector_store_sort_status' : EXPIRY_INDEX;
}

function toWhere(tenantId: string, filter: StoreFilter): { where: string; values: (string | number)[] } {
  const terms = ['tenant_id = ?'];
  const values: (string | number)[] = [tenantId];
  if (filter.source !== undefined) {
    terms.push('source = ?');
    values.push(filter.source);
  }
  if (filter.connectionId !== undefined) {
    terms.push('connection_id = ?');
    values.push(filter.connectionId);
  }
  if (filter.status === 'missing') {
    terms.push('missing_since_ms is not null');
  } else if (filter.status !== undefined) {
    terms.push('status = ?');
    values.push(filter.status);
  }
  // The trash is looked at on purpose or not at all.
  if (filter.status === undefined || filter.status === 'missing') {
    terms.push('status <> ?');
    values.push(TRASHED);
  }
  if (filter.expiring !== undefined) {
    const { state, nowS, untilS } = filter.expiring;
    // Of a mirror only upstream says that it has ended; one that is overdue is about to be told so.
    terms.push(
      state === 'soon'
        ? `status <> 'expired' and expires_sort <= ? and (source = 'cache' or expires_sort > ?)`
        : `(status = 'expired' or (source = 'primary' and expires_sort <= ?))`,
    );
    values.push(...(state === 'soon' ? [untilS, nowS] : [nowS]));
  }
  const text = searchKey(filter.text?.trim() ?? '');
  if ([...text].length >= TRIGRAM_LENGTH) {
    terms.push('seq in (select rowid from vector_store_text where vector_store_text match ?)');
    values.push(`"${text.replaceAll('"', '""')}"`);
  }
  if (text !== '') {
    // The index folds more letters than `searchKey` does; what it finds is looked at again.
    terms.push('instr(search_text, ?) > 0');
    values.push(text);
  }
  return { where: terms.join(' and '), values };
}
