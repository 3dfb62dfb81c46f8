import { AppError, type AttributeFilter, type Attributes, type JsonObject, readFilter } from '@espejo/core';
import type { VectorStoreRecord } from '@espejo/db';
import type { IndexHit } from '@espejo/retrieval';
import { toAttributes } from '../attachments/to-attributes.ts';
import { openStoreIndex } from '../ingestion/embedders.ts';
import { assertServable } from '../vector-stores/assert-servable.ts';
import { findVectorStore } from '../vector-stores/get-vector-store.ts';
import { touchVectorStore } from '../vector-stores/touch-vector-store.ts';
import { connectionOfMirror } from './connection-of-mirror.ts';
import { groupHits } from './group-hits.ts';
import type { SearchDeps } from './search-deps.ts';

export interface SearchInput {
  readonly tenantId: string;
  readonly storeId: string;
  readonly queries: readonly string[];
  /** As it came in; checked here. */
  readonly filters: unknown;
  /** 1 to 50. */
  readonly resultsMax: number;
  /** 0..1; results below it are left out. */
  readonly scoreThreshold: number;
  /** Null: as OpenAI's `auto`. */
  readonly ranker: string | null;
  /** Weights of the two lists; null: equal. */
  readonly hybrid: { readonly embeddingWeight: number; readonly textWeight: number } | null;
  readonly rewriteQuery: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface SearchResult {
  readonly fileId: string;
  readonly filename: string;
  /** Of the best chunk, 0..1. */
  readonly score: number;
  readonly attributes: Attributes;
  readonly texts: readonly string[];
  /** How each text was found; null for a mirror, whose scores are upstream's. */
  readonly chunks: readonly IndexHit[] | null;
}

export interface SearchAnswer {
  readonly store: VectorStoreRecord;
  readonly queries: readonly string[];
  readonly results: readonly SearchResult[];
}

/** Vectors alone: what OpenAI calls no ranker. */
const NO_RANKER = { embeddingWeight: 1, textWeight: 0 } as const;
const EVEN = { embeddingWeight: 0.5, textWeight: 0.5 } as const;

/**
 * Searches a store: ours in its own index, a mirror where it came from. A search is a use, and moves the end of a store
 * that counts from its last one; one that the day's quota refuses is none. Throws `vector_store_expired`,
 * `vector_store_trashed`, `rate_limit_exceeded`, and `UpstreamError` for a mirror.
 */
export async function searchVectorStore(deps: SearchDeps, input: SearchInput): Promise<SearchAnswer> {
  const filter = toFilter(input.filters);
  assertWeights(input.hybrid);
  assertServable(await findVectorStore(deps, input.tenantId, input.storeId), deps.clock.nowMs());
  await deps.searchMeter.take(input.tenantId);
  const store = await touchVectorStore(deps, { tenantId: input.tenantId, id: input.storeId });
  return store.source === 'cache' ? searchMirror(deps, store, input) : searchOwn(deps, store, input, filter);
}

async function searchOwn(
  deps: SearchDeps,
  store: VectorStoreRecord,
  input: SearchInput,
  filter: AttributeFilter | null,
): Promise<SearchAnswer> {
  const { queries, resultsMax, scoreThreshold, signal } = input;
  const weights = input.ranker === 'none' ? NO_RANKER : (input.hybrid ?? EVEN);
  const asked = queries.filter((query) => query.trim() !== '');
  if (asked.length === 0) return { store, queries, results: [] };
  const embedder = await openStoreIndex(deps, { tenantId: store.tenantId, storeId: store.id });
  const options = { purpose: 'query', ...(signal && { signal }) } as const;
  const vectors = weights.embeddingWeight > 0 ? await embedder.embed(asked, options) : [];
  const hits = await deps.index.search(
    store.id,
    { texts: weights.textWeight > 0 ? asked : [], vectors, filter, ...weights, limit: resultsMax },
    signal,
  );
  return { store, queries, results: groupHits(hits.filter((hit) => hit.score >= scoreThreshold)) };
}

async function searchMirror(deps: SearchDeps, store: VectorStoreRecord, input: SearchInput): Promise<SearchAnswer> {
  const searcher = deps.searcherFor(await connectionOfMirror(deps, store));
  const { queries, hits } = await searcher.search(store.id, toWire(input), { signal: input.signal });
  const results = hits.map(({ attributes, ...hit }) => ({
    ...hit,
    attributes: toAttributes(attributes),
    chunks: null,
  }));
  return { store, queries: queries.length === 0 ? input.queries : queries, results };
}

/** The search as upstream is asked: what is at its default stays unsaid. */
function toWire(input: SearchInput): JsonObject {
  const { queries, filters, resultsMax, scoreThreshold, ranker, hybrid, rewriteQuery } = input;
  const ranking = {
    ...(ranker !== null && { ranker }),
    ...(scoreThreshold > 0 && { score_threshold: scoreThreshold }),
    ...(hybrid !== null && {
      hybrid_search: { embedding_weight: hybrid.embeddingWeight, text_weight: hybrid.textWeight },
    }),
  };
  return {
    query: queries.length === 1 ? queries[0] : queries,
    max_num_results: resultsMax,
    ...(rewriteQuery && { rewrite_query: true }),
    ...(filters != null && { filters }),
    ...(Object.keys(ranking).length > 0 && { ranking_options: ranking }),
  };
}

function toFilter(filters: unknown): AttributeFilter | null {
  if (filters === undefined || filters === null) return null;
  const read = readFilter(filters);
  if (read.ok) return read.filter;
  const { path, message } = read.fault;
  const param = path === '' ? 'filters' : `filters.${path}`;
  throw new AppError('invalid_request', `Invalid '${param}': ${message}`, { details: { param } });
}

function assertWeights(hybrid: SearchInput['hybrid']): void {
  if (hybrid === null || hybrid.embeddingWeight + hybrid.textWeight > 0) return;
  throw new AppError(
    'invalid_request',
    "At least one of 'embedding_weight' and 'text_weight' must be greater than 0.",
    { details: { param: 'ranking_options.hybrid_search' } },
  );
}
