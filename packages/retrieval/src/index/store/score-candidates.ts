import { createHitCollector, type HitCollector, type ScoredHit, scoreHit } from '../../search/best-hits.ts';
import { queryTerms } from '../../search/query-terms.ts';
import type { WordScorer } from '../../search/word-score.ts';
import type { IndexQuery } from '../port.ts';
import type { NearestSearch } from './search-nearest.ts';
import type { ExactSearch } from './search-vectors.ts';
import type { FileEntry } from './store-reader.ts';
import type { WordSearch } from './word-search.ts';

/**
 * The lengths of the candidate lists: a chunk that is low in both may be high in the combined score. A candidate found by
 * words costs some 8 µs, because its words and its vector are read from the disk; one found by its vector costs half.
 */
const LIST_DEPTH = { nearestMin: 100, wordsMin: 80, perResult: 3, max: 1000, deeper: 4 } as const;

interface Searches {
  readonly nearest: NearestSearch;
  readonly exact: ExactSearch;
  readonly words: WordSearch;
}

/**
 * The best chunks for a query. Vectors and words each give candidates, and every candidate that may be among the best
 * is scored by both, so that a score does not depend on which of the two found the chunk.
 */
export function bestChunks(searches: Searches, query: IndexQuery, allowed: readonly FileEntry[] | null): ScoredHit[] {
  const isByVector = query.embeddingWeight > 0 && query.vectors.length > 0;
  const isByText = query.textWeight > 0 && query.texts.length > 0;
  const collector = createHitCollector(query, query.calibration);
  const depth = isByText ? depthFor(query.limit, LIST_DEPTH.nearestMin) : query.limit;
  const wordDepth = depthFor(query.limit, LIST_DEPTH.wordsMin);
  const lists = isByVector ? searches.nearest.search(query.vectors, depth, allowed) : [];
  for (const [at, list] of lists.entries()) {
    const vector = query.vectors[at];
    const text = isByText ? query.texts[at] : undefined;
    if (vector === undefined) continue;
    if (text === undefined) for (const { id, score } of list) collector.add(id, { cosine: score, textScore: null });
    else addHybrid(searches, collector, { query, vector, text, list, depth, wordDepth, allowed });
  }
  if (isByText)
    for (const text of query.texts.slice(lists.length))
      addByWords(searches, collector, { query, text, wordDepth, allowed });
  return collector.best(query.limit);
}

interface HybridInput {
  readonly query: IndexQuery;
  readonly vector: Float32Array;
  readonly text: string;
  readonly list: readonly { readonly id: number; readonly score: number }[];
  /** The requested lengths of the list of the nearest and of that found by words. */
  readonly depth: number;
  readonly wordDepth: number;
  readonly allowed: readonly FileEntry[] | null;
}

/** A chunk that may be among the best. */
interface Waiting {
  readonly id: number;
  /** Null: it is not among the nearest, and is computed when it is scored. */
  readonly cosine: number | null;
  /** The upper bound of its word score. */
  readonly textBound: number;
  /** The upper bound of its score. */
  readonly ceiling: number;
}

function addHybrid({ exact, words }: Searches, collector: HitCollector, input: HybridInput): void {
  const { query, vector, text, list, depth, wordDepth, allowed } = input;
  const terms = queryTerms(text);
  const scorer = words.scorer(terms);
  const askedIds = list.map(({ id }) => id);
  const { candidates, boundOf } = words.match(text, terms, scorer, { limit: wordDepth, allowed, askedIds });
  const scoreOf = (cosine: number, textScore: number): number =>
    scoreHit(0, { cosine, textScore }, query, query.calibration).score;
  // No vector outside the list is nearer than its last one, unless the list is complete.
  const floor = list.length < depth ? 1 : (list.at(-1)?.score ?? 1);
  const isNear = new Set(askedIds);
  const waiting: Waiting[] = [];
  for (const { id, score } of list) {
    const textBound = boundOf(id);
    waiting.push({ id, cosine: score, textBound, ceiling: scoreOf(score, textBound) });
  }
  for (const { id, bound } of candidates) {
    if (isNear.has(id)) continue;
    waiting.push({ id, cosine: null, textBound: bound, ceiling: scoreOf(floor, bound) });
  }
  addBest(collector, waiting, query.limit, (part, worst) => {
    const textScores = textScoresOf(words, scorer, part);
    const scored = part.map((row, at) => ({ ...row, textScore: textScores[at] ?? 0 }));
    const near = scored.filter(({ cosine, textScore }) => cosine !== null || scoreOf(floor, textScore) >= worst);
    const missing = near.filter(({ cosine }) => cosine === null).map(({ id }) => id);
    const found = exact.cosines(vector, missing).values();
    for (const { id, cosine, textScore } of near) {
      collector.add(id, { cosine: cosine ?? found.next().value ?? 0, textScore });
    }
  });
}

/** By words alone, more candidates are read while one outside the list may be better than the worst of the best. */
function addByWords(
  { words }: Searches,
  collector: HitCollector,
  { query, text, wordDepth, allowed }: Omit<HybridInput, 'vector' | 'list' | 'depth'>,
): void {
  const terms = queryTerms(text);
  const scorer = words.scorer(terms);
  const depthMax = Math.max(wordDepth, LIST_DEPTH.max);
  const done = new Set<number>();
  for (let limit = wordDepth; ; limit = Math.min(depthMax, limit * LIST_DEPTH.deeper)) {
    const { candidates, othersBound } = words.match(text, terms, scorer, { limit, allowed, askedIds: [] });
    const waiting = candidates
      .filter(({ id }) => !done.has(id))
      .map(({ id, bound }) => ({ id, cosine: null, textBound: bound, ceiling: bound }));
    addBest(collector, waiting, query.limit, (part) => {
      for (const [at, textScore] of textScoresOf(words, scorer, part).entries()) {
        const id = part[at]?.id;
        if (id !== undefined && textScore > 0) collector.add(id, { cosine: null, textScore });
      }
    });
    const worst = collector.best(query.limit)[query.limit - 1]?.score ?? 0;
    if (limit === depthMax || othersBound === 0 || othersBound < worst) return;
    for (const { id } of waiting) done.add(id);
  }
}

/** Adds chunks by their upper bounds, until no other can be among the best. */
function addBest(
  collector: HitCollector,
  waiting: Waiting[],
  limit: number,
  add: (part: readonly Waiting[], worst: number) => void,
): void {
  waiting.sort((a, b) => b.ceiling - a.ceiling || a.id - b.id);
  for (let from = 0; from < waiting.length; from += limit) {
    const worst = collector.best(limit)[limit - 1]?.score ?? 0;
    const part = waiting.slice(from, from + limit).filter(({ ceiling }) => ceiling >= worst);
    if (part.length === 0) return;
    add(part, worst);
  }
}

/** Chunks without a word of the query are skipped. */
function textScoresOf(words: WordSearch, scorer: WordScorer, rows: readonly Waiting[]): number[] {
  const streams = words.streamsOf(rows.filter(({ textBound }) => textBound > 0).map(({ id }) => id)).values();
  return rows.map(({ textBound }) => (textBound > 0 ? scorer.score(streams.next().value ?? new Uint32Array()) : 0));
}

function depthFor(limit: number, min: number): number {
  const { perResult, max } = LIST_DEPTH;
  return Math.max(limit, Math.min(max, Math.max(min, limit * perResult)));
}
