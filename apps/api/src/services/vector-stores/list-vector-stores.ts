import { DAY_S, toSeconds } from '@espejo/core';
import type { ConnectionRow, FacetCount, StoreFilter } from '@espejo/db';
import type { VectorStoreContext } from '../context/app-context.ts';
import { decodeCursor, encodeCursor, NUMBER_KEY, TEXT_KEY } from '../cursor.ts';
import type { ListVectorStoresQuery, VectorStoreFilter } from './inputs.ts';
import { presentVectorStore } from './present-vector-store.ts';
import type { VectorStoreFacets, VectorStorePage } from './views.ts';

const TEXT_SORTS = new Set(['name', 'status']);
/** Exists only in the filter; the stores it finds can have any status. */
const FAILED_FILES = 'failed_files';

/** One page of stores, primary and mirrored, by keyset. Throws `unknown_cursor`. */
export async function listVectorStores(
  deps: VectorStoreContext,
  input: { tenantId: string; storeIds?: readonly string[] | null; query: ListVectorStoresQuery },
): Promise<VectorStorePage> {
  const { tenantId, query } = input;
  const { sort, order, limit } = query;
  const list = `vector-stores:${sort}:${order}`;
  const key = decodeCursor(query.cursor, list, TEXT_SORTS.has(sort) ? TEXT_KEY : NUMBER_KEY);
  const connections = await connectionsById(deps, tenantId);
  const page = await deps.db.read.vectorStoreList.list({
    tenantId,
    filter: { ...toStoreFilter(deps, query), ids: input.storeIds ?? undefined },
    sort,
    order,
    after: key === undefined ? undefined : { value: key[0], id: key[1] },
    limit,
  });
  return {
    data: page.rows.map((store) => presentVectorStore(deps, store, connections)),
    nextCursor: page.next === null ? null : encodeCursor(list, [page.next.value, page.next.id]),
    total: page.total,
    asOf: asOf([...connections.values()], query.connectionId || undefined),
  };
}

/** How many stores each value of each facet would show, under the other active filters. */
export async function countVectorStoreFacets(
  deps: VectorStoreContext,
  input: { tenantId: string; storeIds?: readonly string[] | null; query: VectorStoreFilter },
): Promise<VectorStoreFacets> {
  const { vectorStoreList } = deps.db.read;
  const isOfFailed = input.query.status === FAILED_FILES;
  const filter = { ...toStoreFilter(deps, input.query), ids: input.storeIds ?? undefined };
  const counts = await vectorStoreList.countByFacet(input.tenantId, { ...filter, hasFailedFiles: false });
  const failed = await vectorStoreList.countByFacet(input.tenantId, { ...filter, hasFailedFiles: true });
  const underStatus = isOfFailed ? failed : counts;
  const matches = {
    source: (c: FacetCount) => filter.source === undefined || c.source === filter.source,
    status: (c: FacetCount) =>
      filter.status === undefined || (filter.status === 'missing' ? c.isMissing : c.status === filter.status),
    connectionId: (c: FacetCount) => filter.connectionId === undefined || c.connectionId === filter.connectionId,
  };
  const countByFacet = (rows: FacetCount[], facetOf: (c: FacetCount) => string | null) => {
    const totals: Record<string, number> = {};
    for (const row of rows) {
      const value = facetOf(row);
      if (value !== null) totals[value] = (totals[value] ?? 0) + row.count;
    }
    return totals;
  };
  const withoutStatus = counts.filter((c) => matches.source(c) && matches.connectionId(c));
  return {
    source: countByFacet(
      underStatus.filter((c) => matches.status(c) && matches.connectionId(c)),
      (c) => c.source,
    ),
    status: countByFacet(withoutStatus, (c) => c.status),
    connectionId: countByFacet(
      underStatus.filter((c) => matches.source(c) && matches.status(c)),
      (c) => c.connectionId,
    ),
    missing: withoutStatus.reduce((sum, c) => sum + (c.isMissing ? c.count : 0), 0),
    failedFiles: failed.reduce((sum, c) => sum + (matches.source(c) && matches.connectionId(c) ? c.count : 0), 0),
  };
}

export async function connectionsById(
  deps: VectorStoreContext,
  tenantId: string,
): Promise<ReadonlyMap<string, ConnectionRow>> {
  return new Map((await deps.db.read.connections.list(tenantId)).map((row) => [row.id, row]));
}

/** The oldest complete listing behind the page; null while some connection was never listed completely. */
export function asOf(connections: readonly ConnectionRow[], connectionId: string | undefined): number | null {
  const shown = connections.filter((row) => connectionId === undefined || row.id === connectionId);
  if (shown.length === 0 || shown.some((row) => row.storesListedAtMs === null)) return null;
  return toSeconds(Math.min(...shown.map((row) => row.storesListedAtMs ?? 0)));
}

/** A filter of the API at this instant, in the form that repositories take and plans store. */
export function toStoreFilter(
  deps: Pick<VectorStoreContext, 'clock' | 'expiry'>,
  query: VectorStoreFilter,
): StoreFilter {
  const nowS = toSeconds(deps.clock.nowMs());
  const soonS = query.expiringDays === undefined ? deps.expiry.warnAheadS : query.expiringDays * DAY_S;
  return {
    source: query.source,
    status: query.status === FAILED_FILES ? undefined : query.status || undefined,
    hasFailedFiles: query.status === FAILED_FILES ? true : undefined,
    connectionId: query.connectionId || undefined,
    text: query.q,
    expiring: query.expiring === undefined ? undefined : { state: query.expiring, nowS, untilS: nowS + soonS },
  };
}
