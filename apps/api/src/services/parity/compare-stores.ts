import { AppError, type Authorized, compareRankings, prefixedId, toSeconds } from '@espejo/core';
import type { ParityHit, ParityQuery, ParityRunRecord } from '@espejo/db';
import type { RandomHex } from '../../ports.ts';
import type { SearchContext } from '../context/app-context.ts';
import { inParallel } from '../in-parallel.ts';
import { type SearchResult, searchVectorStore } from '../search/search-vector-store.ts';
import type { CompareStoresInput } from './inputs.ts';
import type { ParityRun } from './views.ts';

/** Concurrent queries. */
const CONCURRENCY = 4;
/** A search returns one row per chunk, and a file may have several: the maximum number of results is requested. */
const RESULTS_MAX = 50;

export interface ParityDeps extends SearchContext {
  readonly randomHex: RandomHex;
}

/**
 * Runs the same queries on two stores and saves how much their answers agree, file by file. A file of one store matches
 * one of the other when one was copied from the other; between stores that were never copied, when it has the same
 * name. Throws what a search throws; then nothing is saved.
 */
export async function compareStores(
  deps: ParityDeps,
  input: {
    readonly by: Authorized<'write'>;
    readonly body: CompareStoresInput;
  },
): Promise<ParityRun> {
  const { by, body } = input;
  const { tenantId } = by;
  const { leftStoreId, rightStoreId, queries, depth } = body;
  if (leftStoreId === rightStoreId)
    throw new AppError('invalid_request', 'Choose two different stores.', { details: { param: 'rightStoreId' } });
  const isCopied = await deps.db.read.transfers.isCopied(tenantId, leftStoreId, rightStoreId);
  const compared = new Map<number, ParityQuery>();
  await inParallel(CONCURRENCY, [...queries.entries()], async ([at, query]) => {
    const [left, right] = await Promise.all([ask(leftStoreId, query), ask(rightStoreId, query)]);
    compared.set(at, compare(query, left, right, depth));
  });
  const ordered = [...compared].sort(([a], [b]) => a - b).map(([, query]) => query);
  const nowMs = deps.clock.nowMs();
  const run: ParityRunRecord = {
    id: prefixedId('par', nowMs, deps.randomHex),
    leftStoreId,
    rightStoreId,
    depth,
    queryCount: ordered.length,
    meanOverlap: mean(ordered.map((query) => query.overlap)) ?? 0,
    meanRankCorrelation: mean(ordered.flatMap((query) => query.rankCorrelation ?? [])),
    queries: ordered,
    actor: by.actor,
    createdAtMs: nowMs,
  };
  await deps.db.transaction((tx) => tx.parityRuns.insert(tenantId, run));
  return presentParityRun(run);

  async function ask(storeId: string, query: string): Promise<KeyedHit[]> {
    const { results } = await searchVectorStore(deps, {
      tenantId,
      storeId,
      queries: [query],
      filters: null,
      resultsMax: RESULTS_MAX,
      scoreThreshold: 0,
      ranker: null,
      hybrid: null,
      rewriteQuery: false,
    });
    return keyed(results);
  }

  /** Each file once, in the order of its best chunk, under the key by which the other store's file may match it. */
  async function keyed(results: readonly SearchResult[]): Promise<KeyedHit[]> {
    const sources = isCopied
      ? await deps.db.read.transferItems.sourcesOf(
          tenantId,
          results.map((result) => result.fileId),
        )
      : undefined;
    const byKey = new Map<string, KeyedHit>();
    for (const { fileId, filename, score } of results) {
      const key = sources === undefined ? filename : (sources.get(fileId) ?? fileId);
      if (!byKey.has(key)) byKey.set(key, { key, fileId, filename, score });
    }
    return [...byKey.values()];
  }
}

interface KeyedHit extends Omit<ParityHit, 'isShared'> {
  readonly key: string;
}

/** Pure. */
function compare(query: string, left: readonly KeyedHit[], right: readonly KeyedHit[], depth: number): ParityQuery {
  const [lefts, rights] = [left.slice(0, depth), right.slice(0, depth)];
  const keysOf = (hits: readonly KeyedHit[]) => hits.map((hit) => hit.key);
  const { overlap, rankCorrelation } = compareRankings(keysOf(lefts), keysOf(rights), depth);
  return { query, overlap, rankCorrelation, left: mark(lefts, rights), right: mark(rights, lefts) };
}

function mark(hits: readonly KeyedHit[], others: readonly KeyedHit[]): ParityHit[] {
  const there = new Set(others.map((hit) => hit.key));
  return hits.map(({ key, ...hit }) => ({ ...hit, isShared: there.has(key) }));
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function presentParityRun({ createdAtMs, queries, ...run }: ParityRunRecord): ParityRun {
  const copied = queries.map((query) => ({ ...query, left: [...query.left], right: [...query.right] }));
  return { ...run, queries: copied, createdAt: toSeconds(createdAtMs) };
}
