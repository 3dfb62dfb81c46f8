import type { Handle } from '../../connect.ts';
import {
  type FacetCount,
  isIndexed,
  join,
  matchOf,
  type StoreScope,
  scopeTerms,
  type Terms,
  textOf,
} from './store-filter.ts';

/** The counts of a scope: enough for every total, and every row when there are few. */
export interface StoreCounts {
  /** By each combination of facets that occurs. */
  readonly facets: readonly FacetCount[];
  /** The rows' numbers; null when there are more than `FEW_MAX`, or when the scope is everything. */
  readonly seqs: readonly number[] | null;
}

/** Up to this many rows are sorted directly; more are found along an index. */
const FEW_MAX = 1000;
/** Counts kept at a time: enough for the prefixes of a text that a user types. */
const KEPT_MAX = 64;

/** An index for stores that expire soon or have expired. It has every facet. */
export const EXPIRY_INDEX = 'vector_store_sort_expiry';
const FACET_INDEX = 'vector_store_facets';
/** A partial index: only stores with failed files. */
const FAILED_INDEX = 'vector_store_failed';

const COUNTS = `source, status, connection_id, sum(missing_since_ms is null), sum(missing_since_ms is not null)`;
type CountTuple = [FacetCount['source'], string, string | null, number, number];
type RowTuple = [seq: number, FacetCount['source'], string, string | null, isMissing: number];

/**
 * Counts stores by facet. Counts are valid until any write to the database, so the pages, sorts and facets of one text
 * are counted once.
 */
export function createStoreCounts({ statement, dataVersion }: Pick<Handle, 'statement' | 'dataVersion'>) {
  const kept = new Map<string, StoreCounts>();
  let keptVersion = '';

  function count(tenantId: string, scope: StoreScope): StoreCounts {
    if (isEverything(scope)) return { facets: countAll(tenantId, scope), seqs: null };
    const { from, where } = firstRowsOf(tenantId, scope);
    const rows = statement(
      `select seq, source, status, connection_id, missing_since_ms is not null from ${from}
        where ${where.terms.join(' and ')} limit ${FEW_MAX + 1}`,
    )
      .raw()
      .all(...where.values) as RowTuple[];
    if (rows.length > FEW_MAX) return { facets: countAll(tenantId, scope), seqs: null };
    return { facets: countFacets(rows), seqs: rows.map(([seq]) => seq) };
  }

  function countAll(tenantId: string, scope: StoreScope): FacetCount[] {
    const { from, where } = allRowsOf(tenantId, scope);
    const tuples = statement(
      `select ${COUNTS} from ${from} where ${where.terms.join(' and ')} group by connection_id, source, status`,
    )
      .raw()
      .all(...where.values) as CountTuple[];
    return tuples.flatMap(([source, status, connectionId, present, missing]) => [
      ...(present > 0 ? [{ source, status, connectionId, isMissing: false, count: present }] : []),
      ...(missing > 0 ? [{ source, status, connectionId, isMissing: true, count: missing }] : []),
    ]);
  }

  return {
    countsOf(tenantId: string, scope: StoreScope): StoreCounts {
      const version = dataVersion();
      if (version !== keptVersion || kept.size >= KEPT_MAX) kept.clear();
      keptVersion = version;
      const key = JSON.stringify([tenantId, textOf(scope), scope.expiring, scope.ids, scope.hasFailedFiles]);
      const found = kept.get(key) ?? count(tenantId, scope);
      kept.set(key, found);
      return found;
    },
  };
}

function isEverything(scope: StoreScope): boolean {
  return (
    textOf(scope) === null && scope.expiring === undefined && scope.ids === undefined && scope.hasFailedFiles !== true
  );
}

interface Source {
  readonly from: string;
  readonly where: Terms;
}

/** The fastest order when only some rows are read. */
function firstRowsOf(tenantId: string, scope: StoreScope): Source {
  const text = textOf(scope);
  const terms = scopeTerms(tenantId, scope);
  if (scope.ids !== undefined) {
    const where = text === null ? terms : join(terms, containing(text));
    return { from: 'vector_store indexed by vector_store_id', where };
  }
  if (scope.hasFailedFiles === true) {
    const where = text === null ? terms : join(terms, containing(text));
    return { from: `vector_store indexed by ${FAILED_INDEX}`, where };
  }
  if (text === null) return { from: `vector_store indexed by ${EXPIRY_INDEX}`, where: terms };
  if (!isIndexed(text)) return { from: 'vector_store not indexed', where: join(terms, containing(text)) };
  return {
    from: 'vector_store_text cross join vector_store on vector_store.seq = vector_store_text.rowid',
    where: join({ terms: ['vector_store_text match ?'], values: [matchOf(text)] }, terms),
  };
}

/** The fastest order when all rows are counted. */
function allRowsOf(tenantId: string, scope: StoreScope): Source {
  const text = textOf(scope);
  const terms = scopeTerms(tenantId, scope);
  const index =
    scope.hasFailedFiles === true ? FAILED_INDEX : scope.expiring === undefined ? FACET_INDEX : EXPIRY_INDEX;
  const from = `vector_store indexed by ${index}`;
  if (text === null) return { from, where: terms };
  if (!isIndexed(text)) return { from: 'vector_store not indexed', where: join(terms, containing(text)) };
  return { from, where: join(terms, matching(text)) };
}

/** Reads every row. */
export function containing(text: string): Terms {
  return { terms: ['instr(search_text, ?) > 0'], values: [text] };
}

/** Reads all matches of the text index. */
export function matching(text: string): Terms {
  return {
    terms: ['seq in (select rowid from vector_store_text where vector_store_text match ?)'],
    values: [matchOf(text)],
  };
}

function countFacets(rows: readonly RowTuple[]): FacetCount[] {
  const counts = new Map<string, FacetCount>();
  for (const [, source, status, connectionId, missing] of rows) {
    const key = JSON.stringify([source, status, connectionId, missing]);
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { source, status, connectionId, isMissing: missing === 1, count });
  }
  return [...counts.values()];
}
