import type { Database } from 'better-sqlite3';
import { queryWords } from '../../search/query-words.ts';
import { createTopList } from '../memory/top-list.ts';
import type { FileEntry } from './store-reader.ts';

/**
 * Chunks that BM25 scores for one query: each costs half a microsecond or more. Of a query's words the rarest come
 * first; common ones, which hardly move a rank, only as far as they fit.
 */
const SCORED_ROWS_MAX = 5000;
/** Share of its rows by which a store may change before words are counted anew. */
const COUNTS_DRIFT = 0.05;
const COUNTS_MAX = 50_000;

type Found = { id: number; score: number }[];

export interface WordSearch {
  /** The best chunks of all, or of the files allowed, which are told apart before any chunk is ranked. */
  search(query: string, limit: number, allowed: readonly FileEntry[] | null): Found;
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
  // The plus keeps the list from being looked up row by row: words are gone through once, and few are scored.
  const among = database
    .prepare<[string, number, number, string], [number, number]>(
      `SELECT rowid, -bm25(words) FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?
        AND +rowid IN (SELECT value FROM json_each(?))`,
    )
    .raw();
  const rowsWith = createWordCounts(database, rowCount);

  const searchAll = (words: readonly string[], limit: number): Found => {
    const { affordable, areAllCommon } = pickWords(words, rowsWith);
    // Where every word is common, the best rows have several: only if too few have all of them is one word gone through.
    const inAll = areAllCommon && words.length > 1 ? best.all(matchOf(words, 'AND'), limit) : [];
    const rows = inAll.length >= limit ? inAll : best.all(matchOf(affordable, 'OR'), limit);
    return rows.map(([id, score]) => ({ id, score }));
  };

  const searchIn = (words: readonly string[], limit: number, allowed: readonly FileEntry[]): Found => {
    const first = allowed[0];
    const last = allowed.at(-1);
    if (first === undefined || last === undefined) return [];
    const range = [first.firstId, last.firstId + last.chunkCount - 1] as const;
    const rowsMax = allowed.reduce((sum, entry) => sum + entry.chunkCount, 0);
    if (rowsMax > SCORED_ROWS_MAX) {
      const { affordable } = pickWords(words, rowsWith);
      return bestOf(within.all(matchOf(affordable, 'OR'), ...range), limit, allowed);
    }
    // Few rows are scored, but every row that has a word is gone through. A word in more than half of a large store
    // weighs nothing, so it is asked for only where too little is found without it.
    const isLarge = rowCount() > SCORED_ROWS_MAX;
    const telling = isLarge ? words.filter((word) => rowsWith(word) <= rowCount() / 2) : words;
    const ids = JSON.stringify(idsOf(allowed));
    const find = (match: readonly string[]): Found =>
      match.length === 0 ? [] : bestOf(among.all(matchOf(match, 'OR'), ...range, ids), limit, allowed);
    const found = find(telling);
    return found.length < limit && telling.length < words.length ? find(words) : found;
  };

  return {
    search(query, limit, allowed) {
      const words = queryWords(query);
      if (words.length === 0 || limit === 0) return [];
      return allowed === null ? searchAll(words, limit) : searchIn(words, limit, allowed);
    },
  };
}

/** The best of those rows whose file is allowed. Both go up by id. */
function bestOf(rows: readonly (readonly [number, number])[], limit: number, allowed: readonly FileEntry[]): Found {
  const top = createTopList(limit);
  let at = 0;
  for (const [id, score] of rows) {
    let entry = allowed[at];
    while (entry !== undefined && id >= entry.firstId + entry.chunkCount) entry = allowed[++at];
    if (entry === undefined) break;
    if (id >= entry.firstId) top.offer(id, score);
  }
  return top.take();
}

/** How many chunks have a word, remembered until the store has changed by much: to count costs a walk over all of them. */
function createWordCounts(database: Database, rowCount: () => number): (word: string) => number {
  const countOf = database.prepare<[string], number>('SELECT doc FROM word_stats WHERE term = ?').pluck();
  const counts = new Map<string, number>();
  let countedRows = 0;
  return (word) => {
    const now = rowCount();
    if (Math.abs(now - countedRows) > countedRows * COUNTS_DRIFT || counts.size >= COUNTS_MAX) {
      counts.clear();
      countedRows = now;
    }
    const known = counts.get(word);
    if (known !== undefined) return known;
    const count = countOf.get(word.normalize('NFD').replace(/\p{M}/gu, '')) ?? 0;
    counts.set(word, count);
    return count;
  };
}

/** The rarest words, and of the others as many as can be paid for. */
function pickWords(
  words: readonly string[],
  rowsWith: (word: string) => number,
): { affordable: string[]; areAllCommon: boolean } {
  const byRarity = words.map((word) => ({ word, rows: rowsWith(word) })).sort((a, b) => a.rows - b.rows);
  const affordable: string[] = [];
  let sum = 0;
  for (const { word, rows } of byRarity) {
    const isFirstFound = sum === 0;
    sum += rows;
    if (sum <= SCORED_ROWS_MAX || isFirstFound) affordable.push(word);
  }
  return { affordable, areAllCommon: (byRarity[0]?.rows ?? 0) > SCORED_ROWS_MAX };
}

function idsOf(files: readonly FileEntry[]): number[] {
  const ids: number[] = [];
  for (const { firstId, chunkCount } of files)
    for (let index = 0; index < chunkCount; index += 1) ids.push(firstId + index);
  return ids;
}

/** Every word in quotes, so that none is an operator of the query language. */
function matchOf(words: readonly string[], operator: 'AND' | 'OR'): string {
  return words.map((word) => `"${word}"`).join(` ${operator} `);
}
