import type { Database } from 'better-sqlite3';
import { oldQueryWords } from '../../search/old-query-words.ts';
import { wordsOfTerms } from '../../search/query-terms.ts';
import { createWordScorer } from '../../search/word-score.ts';
import { wordStream } from '../../words/word-stream.ts';
import { createTopList } from '../memory/top-list.ts';
import { wordTables } from './schema.ts';
import type { FileEntry } from './store-reader.ts';
import { createWordCounts } from './word-counts.ts';
import { streamOf, type WordSearch } from './word-search.ts';

/**
 * Chunks that BM25 scores for one query: each costs half a microsecond or more. The rarest words of a query come first;
 * common ones, which hardly change a rank, only as far as they fit.
 */
const SCORED_ROWS_MAX = 4000;

/** Chunks that have words of a query. */
interface Found {
  /** The best by BM25 first. */
  readonly ids: readonly number[];
  /** It has every chunk that has a word of the query and may be found. */
  readonly isComplete: boolean;
}

/**
 * Finds chunks by their words in SQLite's full-text index, for stores of formats 1 and 2 until their words are rebuilt.
 * `rowCount` returns the present number of chunks.
 */
export function createFullTextSearch(database: Database, format: number, rowCount: () => number): WordSearch {
  const { fullText: words, streams } = wordTables(format);
  const isFolded = streams !== null;
  const best = database
    .prepare<[string, number], number>(`SELECT rowid FROM ${words} WHERE ${words} MATCH ? ORDER BY rank, rowid LIMIT ?`)
    .pluck();
  const within = database
    .prepare<[string, number, number], [number, number]>(
      `SELECT rowid, -bm25(${words}) FROM ${words} WHERE ${words} MATCH ? AND rowid BETWEEN ? AND ?`,
    )
    .raw();
  // The plus prevents a look-up of the list row by row: words are scanned once, and few are scored.
  const among = database
    .prepare<[string, number, number, string], [number, number]>(
      `SELECT rowid, -bm25(${words}) FROM ${words} WHERE ${words} MATCH ? AND rowid BETWEEN ? AND ?
        AND +rowid IN (SELECT value FROM json_each(?))`,
    )
    .raw();
  const countOf = database.prepare<[string], number>(`SELECT count(*) FROM ${words} WHERE ${words} MATCH ?`).pluck();
  const counts = createWordCounts(
    (word) => countOf.get(`"${isFolded ? word : word.normalize('NFD').replace(/\p{M}/gu, '')}"`) ?? 0,
    rowCount,
  );
  const { rowsWith } = counts;

  const searchAll = (asked: readonly string[], limit: number): Found => {
    const { affordable, areAllCommon } = pickWords(asked, rowsWith);
    // When every word is common, the best rows have several: only if too few have all of them is one word scanned.
    const inAll = areAllCommon && asked.length > 1 ? best.all(matchOf(asked, 'AND'), limit) : [];
    const ids = inAll.length >= limit ? inAll : best.all(matchOf(affordable, 'OR'), limit);
    return { ids, isComplete: affordable.length === asked.length && ids.length < limit };
  };

  const searchIn = (asked: readonly string[], limit: number, allowed: readonly FileEntry[]): Found => {
    const first = allowed[0];
    const last = allowed.at(-1);
    if (first === undefined || last === undefined) return { ids: [], isComplete: true };
    const range = [first.firstId, last.firstId + last.chunkCount - 1] as const;
    const rowsMax = allowed.reduce((sum, entry) => sum + entry.chunkCount, 0);
    if (rowsMax > SCORED_ROWS_MAX) {
      const { affordable } = pickWords(asked, rowsWith);
      const ids = bestOf(within.all(matchOf(affordable, 'OR'), ...range), limit, allowed);
      return { ids, isComplete: affordable.length === asked.length && ids.length < limit };
    }
    // Few rows are scored, but every row that has a word is scanned. A word in more than half of a large store has
    // almost no weight, so it is used only if too little is found without it.
    const isLarge = rowCount() > SCORED_ROWS_MAX;
    const telling = isLarge ? asked.filter((word) => rowsWith(word) <= rowCount() / 2) : asked;
    const list = JSON.stringify(idsOf(allowed));
    const find = (match: readonly string[]): number[] =>
      match.length === 0 ? [] : bestOf(among.all(matchOf(match, 'OR'), ...range, list), limit, allowed);
    const found = find(telling);
    if (found.length >= limit || telling.length === asked.length) {
      return { ids: found, isComplete: found.length < limit };
    }
    const ids = find(asked);
    return { ids, isComplete: ids.length < limit };
  };

  return {
    format,
    match(query, terms, _scorer, { limit, allowed }) {
      const asked = isFolded ? wordsOfTerms(terms) : oldQueryWords(query);
      if (asked.length === 0 || limit === 0) return { candidates: [], boundOf: () => 0, othersBound: 0 };
      const { ids, isComplete } = allowed === null ? searchAll(asked, limit) : searchIn(asked, limit, allowed);
      const found = new Set(ids);
      return {
        candidates: ids.map((id) => ({ id, bound: 1 })),
        boundOf: (id) => (isComplete && !found.has(id) ? 0 : 1),
        othersBound: 0,
      };
    },
    scorer: (terms) => createWordScorer(terms, rowsWith, rowCount()),
    streamsOf: createStreams(database, streams),
    changed: counts.changed,
  };
}

function createStreams(database: Database, streams: string | null): WordSearch['streamsOf'] {
  if (streams === null) {
    const textById = database.prepare<[number], string>('SELECT text FROM chunk WHERE id = ?').pluck();
    return (chunkIds) => chunkIds.map((id) => wordStream(textById.get(id) ?? ''));
  }
  const streamById = database.prepare<[number], Buffer>(`SELECT stream FROM ${streams} WHERE id = ?`).pluck();
  return (chunkIds) => chunkIds.map((id) => streamOf(streamById.get(id)));
}

/** The best of those rows whose file is allowed. Both ascend by id. */
function bestOf(rows: readonly (readonly [number, number])[], limit: number, allowed: readonly FileEntry[]): number[] {
  const top = createTopList(limit);
  let at = 0;
  for (const [id, score] of rows) {
    let entry = allowed[at];
    while (entry !== undefined && id >= entry.firstId + entry.chunkCount) entry = allowed[++at];
    if (entry === undefined) break;
    if (id >= entry.firstId) top.offer(id, score);
  }
  return top.take().map(({ id }) => id);
}

/** The rarest words, and of the others as many as the limit allows. */
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
