import type { SearchStoreBody } from '@espejo/contracts';
import { readFilterText } from '#components/filter/filter-tree.ts';

/** A search as the page holds it. */
export interface SearchDraft {
  /** One query a line. */
  readonly text: string;
  readonly filter: string;
  readonly ranker: 'auto' | 'none';
  /** How much of the score is the vectors', in percent; the rest is the words'. */
  readonly vectorShare: number;
  readonly threshold: number;
  readonly limit: number;
}

export const QUERIES_MAX = 8;

/** The search as the API takes it; undefined when there is nothing to search for, or the filter is not one yet. */
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

/** One query a line; lines without a word are none. */
export function queriesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, QUERIES_MAX);
}
