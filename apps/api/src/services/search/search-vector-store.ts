import { AppError, type AttributeFilter, type Attributes, type JsonObject, readFilter } from '@espejo/core';
import type { VectorStoreRecord } from '@espejo/db';
import { calibrationOf, type IndexHit } from '@espejo/retrieval';
import { toAttributes } from '../attachments/to-attributes.ts';
import type { SearchContext } from '../context/app-context.ts';
import { assertServable } from '../lookup/assert-servable.ts';
import { findVectorStore } from '../lookup/find-vector-store.ts';
import { openStoreIndex } from '../store-index/embedders.ts';
import { storeKey } from '../store-index/store-key.ts';
import { touchVectorStore } from '../vector-stores/touch-vector-store.ts';
import { connectionOfMirror } from './connection-of-mirror.ts';

export interface SearchInput {
  readonly tenantId: string;
  readonly storeId: string;
  /** The store as the caller has just read it; omitted, it is read here. */
  readonly store?: VectorStoreRecord;
  readonly queries: readonly string[];
  /** Unvalidated; checked here. */
  readonly filters: unknown;
  /** 1 to 50. */
  readonly resultsMax: number;
  /** 0..1; results below it are omitted. */
  readonly scoreThreshold: number;
  /** Null: as OpenAI's `auto`. */
  readonly ranker: string | null;
  /** Weights of vectors and words; null: equal. */
  readonly hybrid: { readonly embeddingWeight: number; readonly textWeight: number } | null;
  readonly rewriteQuery: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** One row of an answer. A file with several matching chunks has several rows, each with its own score. */
export interface SearchResult {
  readonly fileId: string;
  readonly filename: string;
  /** 0..1. */
  readonly score: number;
  readonly attributes: Attributes;
  /** One text for a primary store; a mirror's row has what upstream returned. */
  readonly texts: readonly string[];
  /** The chunk and the parts of its score; null for a mirror, whose scores are upstream's. */
  readonly chunk: IndexHit | null;
}

export interface SearchAnswer {
  readonly store: VectorStoreRecord;
  readonly queries: readonly string[];
  readonly results: readonly SearchResult[];
}

/** Vectors only: OpenAI's ranker `none`. */
const NO_RANKER = { embeddingWeight: 1, textWeight: 0 } as const;
const EVEN = { embeddingWeight: 0.5, textWeight: 0.5 } as const;

/**
 * Searches a store: a primary store in its own index, a mirror upstream. A search is a use, and extends a store that
 * expires after its last one; a search that the daily quota rejects is not. Throws `vector_store_expired`,
 * `vector_store_trashed`, `rate_limit_exceeded`, and `UpstreamError` for a mirror.
 */
export async function searchVectorStore(deps: SearchContext, input: SearchInput): Promise<SearchAnswer> {
  const filter = toFilter(input.filters);
  assertWeights(input.hybrid);
  const seen = input.store ?? (await findVectorStore(deps, input.tenantId, input.storeId));
  assertServable(seen, deps.clock.nowMs());
  await deps.searchLimiter.take(input.tenantId);
  const store = await touchVectorStore(deps, seen);
  return store.source === 'cache' ? searchMirror(deps, store, input) : searchOwn(deps, store, input, filter);
}

async function searchOwn(
  deps: SearchContext,
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
    storeKey(store.tenantId, store.id),
    {
      texts: weights.textWeight > 0 ? asked : [],
      vectors,
      filter,
      ...weights,
      calibration: calibrationOf(embedder.model),
      limit: resultsMax,
    },
    signal,
  );
  return { store, queries, results: hits.filter((hit) => hit.score >= scoreThreshold).map(toResult) };
}

function toResult(chunk: IndexHit): SearchResult {
  const { fileId, filename, score, attributes, text } = chunk;
  return { fileId, filename, score, attributes, texts: [text], chunk };
}

async function searchMirror(deps: SearchContext, store: VectorStoreRecord, input: SearchInput): Promise<SearchAnswer> {
  const searcher = deps.searcherFor(await connectionOfMirror(deps, store));
  const { queries, hits } = await searcher.search(store.id, toWire(input), { signal: input.signal });
  const results = hits.map(({ attributes, ...hit }) => ({
    ...hit,
    attributes: toAttributes(attributes),
    chunk: null,
  }));
  return { store, queries: queries.length === 0 ? input.queries : queries, results };
}

/** The search request for upstream: options at their default are omitted. */
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
  const { path, message, isMissing } = read.fault;
  const param = path === '' ? 'filters' : `filters.${path}`;
  if (isMissing) {
    throw new AppError('invalid_request', `Missing required parameter: '${param}'. ${message}`, {
      details: { param, reason: 'missing' },
    });
  }
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
