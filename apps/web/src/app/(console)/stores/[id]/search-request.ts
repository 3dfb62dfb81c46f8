import type { SearchStoreBody } from '@espejo/contracts';
import { readFilterText } from '#components/filter/filter-tree.ts';

/** A search in the form. */
export interface SearchDraft {
  /** One query per line. */
  readonly text: string;
  readonly filter: string;
  readonly ranker: 'auto' | 'none';
  /** The weight of the vectors in the score, in percent; the rest is the weight of the words. */
  readonly vectorShare: number;
  readonly threshold: number;
  readonly limit: number;
}

export const QUERIES_MAX = 8;

/** The request body; undefined without a query or with an incomplete filter. */
export function toSearchBody(draft: SearchDraft): SearchStoreBody | undefined {
  const queries = queriesOf(draft.text);
  const filter = readFilterText(draft.filter);
  if (queries.length === 0 || !filter.ok) return undefined;
  return {
    queries,
    filters: filter.filter,
    limit: draft.limit,
    scoreThreshold: draft.threshold,
    ranker: draft.ranker,
    embeddingWeight: draft.vectorShare / 100,
    textWeight: (100 - draft.vectorShare) / 100,
  };
}

/** One query per line; blank lines are dropped. */
export function queriesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, QUERIES_MAX);
}
