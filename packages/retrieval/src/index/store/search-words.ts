import type { Database } from 'better-sqlite3';
import { queryWords } from '../../search/query-words.ts';
import { createTopList } from '../memory/top-list.ts';
import type { FileEntry } from './store-reader.ts';

/**
 * Chunks that BM25 scores for one query: each costs half a microsecond. The rarest words of a query come first and the
 * common ones, which hardly move a rank, only as far as they fit.
 */
const SCORED_ROWS_MAX = 8000;
/** Rows a store may change by before counts of words are taken anew. */
const COUNTS_DRIFT = 0.05;

export interface WordSearch {
  /** The best chunks of all, or of the files allowed, each of which is looked at before any is ranked. */
  search(query: string, limit: number, allowed: readonly FileEntry[] | null): { id: number; score: number }[];
}

/** BM25 over the words of a store's chunks. `rowCount` tells how many chunks there are now. */
export function createWordSearch(database: Database, rowCount: () => number): WordSearch {
  const best = database
    .prepare<[string, number], [number, number]>(
      'SELECT rowid, -bm25(words) FROM words WHERE words MATCH ? ORDER BY rank, rowid LIMIT ?',
    )
    .raw();
  const within = database
    .prepare<[string, number, number], [number, number]>(
      'SELECT rowid, -bm25(words) FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?',
    )
    .raw();
  const countOf = database.prepare<[string], number>('SELECT doc FROM word_stats WHERE term = ?').pluck();
  const counts = new Map<string, number>();
  let countedRows = 0;

  const rowsOf = (word: string): number => {
    const now = rowCount();
    if (Math.abs(now - countedRows) > countedRows * COUNTS_DRIFT || counts.size > 50_000) {
      counts.clear();
      countedRows = now;
    }
    const known = counts.get(word);
    if (known !== undefined) return known;
    const count = countOf.get(word.normalize('NFD').replace(/\p{M}/gu, '')) ?? 0;
    counts.set(word, count);
    return count;
  };

  const affordable = (words: readonly string[]): string[] => {
    const byRarity = words.map((word) => ({ word, rows: rowsOf(word) })).sort((a, b) => a.rows - b.rows);
    let rows = 0;
    return byRarity
      .filter((entry) => {
        const isFirst = rows === 0;
        rows += entry.rows;
        return isFirst || rows <= SCORED_ROWS_MAX;
      })
      .map(({ word }) => word);
  };

  return {
    search(query, limit, allowed) {
      const words = queryWords(query);
      if (words.length === 0 || limit === 0) return [];
      if (allowed === null) {
        return best.all(matchAny(affordable(words)), limit).map(([id, score]) => ({ id, score }));
      }
      const first = allowed[0];
      const last = allowed.at(-1);
      if (first === undefined || last === undefined) return [];
      const allowedRows = allowed.reduce((sum, entry) => sum + entry.chunkCount, 0);
      // Where few rows are allowed, a word that is common elsewhere may be all that finds one of them.
      const match = matchAny(allowedRows <= SCORED_ROWS_MAX ? words : affordable(words));
      const top = createTopList(limit);
      let at = 0;
      // Both go up by id.
      const rows = within.all(match, first.firstId, last.firstId + last.chunkCount - 1);
      for (const [id, score] of rows) {
        let entry = allowed[at];
        while (entry !== undefined && id >= entry.firstId + entry.chunkCount) entry = allowed[++at];
        if (entry === undefined) break;
        if (id >= entry.firstId) top.offer(id, score);
      }
      return top.take();
    },
  };
}

/** Every word in quotes, so that none is an operator of the query language. */
function matchAny(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(' OR ');
}
