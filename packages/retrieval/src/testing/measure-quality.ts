import type { Embedder } from '../embed/port.ts';
import type { Calibration } from '../search/calibration.ts';
import type { LabelledSet } from './labelled-queries.ts';
import { createMemoryIndex } from './memory-index.ts';

export type SearchKind = 'words' | 'vectors' | 'hybrid';

/** The quality of one kind of search on a set. */
export interface Quality {
  /** Mean over the queries that have an answer, 0..1. */
  readonly ndcgAt10: number;
  /** The best score of each query that has an answer, and whether the best row is one. */
  readonly hits: readonly { readonly query: string; readonly topScore: number; readonly isRight: boolean }[];
  /** The best score of each query without an answer. */
  readonly noise: readonly { readonly query: string; readonly topScore: number }[];
}

const WEIGHTS = {
  words: { embeddingWeight: 0, textWeight: 1 },
  vectors: { embeddingWeight: 1, textWeight: 0 },
  hybrid: { embeddingWeight: 0.5, textWeight: 0.5 },
} as const;

/** Searches for every query of a set in a store of its passages, by words, by vectors and by both. */
export async function measureQuality(
  set: LabelledSet,
  embedder: Embedder,
  calibration: Calibration,
): Promise<Record<SearchKind, Quality>> {
  const index = createMemoryIndex();
  const { fingerprint, dimensions } = embedder.model;
  await index.open('vs_quality', { fingerprint, dimensions });
  const texts = set.passages.map(({ text }) => text);
  const vectors = await embedder.embed(texts, { purpose: 'document' });
  for (const [at, { id, text }] of set.passages.entries()) {
    const place = { ordinal: 0, startOffset: 0, endOffset: text.length, page: null, line: 1, tokenCount: 1 };
    const vector = vectors[at];
    if (vector === undefined) throw new Error('A passage has no vector.');
    await index.upsertFile('vs_quality', {
      fileId: id,
      filename: id,
      attributes: {},
      chunks: [{ text, vector, ...place }],
    });
  }
  const asked = await embedder.embed(
    set.queries.map(({ text }) => text),
    { purpose: 'query' },
  );
  const measure = async (kind: SearchKind): Promise<Quality> => {
    const hits: Quality['hits'][number][] = [];
    const noise: Quality['noise'][number][] = [];
    let sum = 0;
    for (const [at, { text, grades }] of set.queries.entries()) {
      const vector = asked[at];
      const found = await index.search('vs_quality', {
        texts: [text],
        vectors: vector === undefined ? [] : [vector],
        filter: null,
        ...WEIGHTS[kind],
        calibration,
        limit: 10,
      });
      const topScore = found[0]?.score ?? 0;
      if (grades.size === 0) noise.push({ query: text, topScore });
      else {
        hits.push({ query: text, topScore, isRight: grades.has(found[0]?.fileId ?? '') });
        sum += ndcg(
          found.map(({ fileId }) => grades.get(fileId) ?? 0),
          [...grades.values()],
        );
      }
    }
    return { ndcgAt10: hits.length === 0 ? 0 : sum / hits.length, hits, noise };
  };
  return { words: await measure('words'), vectors: await measure('vectors'), hybrid: await measure('hybrid') };
}

/** Normalised discounted cumulative gain: 1 for the best possible order. */
export function ndcg(found: readonly number[], grades: readonly number[]): number {
  const gain = (list: readonly number[]) =>
    list.reduce((sum, grade, at) => sum + (2 ** grade - 1) / Math.log2(at + 2), 0);
  const best = gain(grades.toSorted((a, b) => b - a).slice(0, found.length === 0 ? 10 : Math.max(10, found.length)));
  return best === 0 ? 0 : gain(found) / best;
}
