import type { Database } from 'better-sqlite3';
import type { QueryTerm } from '../../search/query-terms.ts';
import { createWordScorer, type WordScorer } from '../../search/word-score.ts';
import { hashWord } from '../../words/word-hash.ts';
import type { BlockCache } from '../memory/block-cache.ts';
import { createTopList, type TopList } from '../memory/top-list.ts';
import { PRESENCE_BOUNDS } from '../postings/occurrence-byte.ts';
import { addBounds, type PostingList, visitPostings } from '../postings/posting-list.ts';
import { createSegmentReader, type Segment } from './read-segments.ts';
import { wordTables } from './schema.ts';
import type { FileEntry } from './store-reader.ts';
import { createWordCounts } from './word-counts.ts';
import { streamOf, type WordSearch } from './word-search.ts';

/**
 * Postings that are read for one query, at some 5 ns each. The rarest words of a query come first; common ones, which
 * hardly change a score, only as far as they fit; the others count as if every chunk had them.
 */
const READ_POSTINGS_MAX = 100_000;
/** When every word is common, some of them are read all the same: the best chunks have several. */
const READ_FACTOR_OF_RAREST = 4;
/** Sums of halves of a word's weight differ from exact arithmetic by this much at most. */
const ROUNDING = 1e-5;

export interface SegmentSearchOptions {
  readonly cache: BlockCache;
  /** The present number of chunks. */
  readonly rowCount: () => number;
  /** Every file, by its first id, including removed ones. */
  readonly entries: () => readonly FileEntry[];
  readonly isLive: (chunkId: number) => boolean;
}

/** A word of a query as it is searched in the segments. */
interface ReadTerm {
  readonly share: number;
  readonly hash: number;
  readonly partHashes: readonly number[];
}

/** Finds chunks by their words in the segments of the present format. */
export function createSegmentSearch(
  database: Database,
  format: number,
  { cache, rowCount, entries, isLive }: SegmentSearchOptions,
): WordSearch {
  const tables = wordTables(format);
  if (tables.segments === null) throw new RangeError(`Format ${format} has no segments.`);
  const reader = createSegmentReader(database, tables.segments, cache);
  const streamById = database.prepare<[number], Buffer>(`SELECT stream FROM ${tables.streams} WHERE id = ?`).pluck();
  const counts = createWordCounts((word) => {
    const hash = hashWord(word);
    let count = 0;
    for (const segment of reader.segments()) {
      const list = segment.find(hash);
      if (list !== null) count += segment.hasDead ? liveCount(list, segment, entries()) : list.count;
    }
    return count;
  }, rowCount);
  let sums = new Float32Array(1024);
  let ofTerm = new Float32Array(1024);

  /** Fills `sums` with the bounds of the segment's chunks, and returns whether any has a word. */
  const sumBounds = (segment: Segment, terms: readonly ReadTerm[]): boolean => {
    const span = segment.endId - segment.firstId;
    if (sums.length < span) {
      sums = new Float32Array(span * 2);
      ofTerm = new Float32Array(span * 2);
    }
    let isAny = false;
    const findIn = (hash: number): PostingList | null => {
      const list = segment.find(hash);
      if (list !== null && !isAny) sums.fill(0, 0, span);
      isAny ||= list !== null;
      return list;
    };
    for (const { hash, partHashes, share } of terms) {
      const whole = findIn(hash);
      const parts = partHashes.map(findIn).filter((list) => list !== null);
      if (parts.length > 0) addWithParts(whole, parts, share, sums, ofTerm);
      else if (whole !== null) addBounds(whole, PRESENCE_BOUNDS, share, sums);
    }
    return isAny;
  };

  return {
    format,
    match(_query, terms, scorer, { limit, allowed, askedIds }) {
      const { read, unreadShare } = pickTerms(terms, scorer, counts.rowsWith);
      const top = createTopList(limit);
      const bounds = new Map<number, number>();
      for (const segment of reader.segments()) {
        const isAny = sumBounds(segment, read);
        if (!isAny && unreadShare === 0) continue;
        if (!isAny) sums.fill(0, 0, segment.endId - segment.firstId);
        if (allowed !== null) offerFrom(segment, allowed, sums, unreadShare, top);
        else offerRange(segment.firstId, 0, segment.endId - segment.firstId, sums, unreadShare, top, isLive);
        for (const id of askedIds) {
          if (id >= segment.firstId && id < segment.endId) {
            bounds.set(id, boundFrom(sums[id - segment.firstId] ?? 0, unreadShare));
          }
        }
      }
      const candidates = top.take().map(({ id, score }) => ({ id, bound: boundFrom(score, 0) }));
      const othersBound = candidates.length < limit ? 0 : (candidates.at(-1)?.bound ?? 0);
      return { candidates, boundOf: (id) => bounds.get(id) ?? 0, othersBound };
    },
    scorer: (terms) => createWordScorer(terms, counts.rowsWith, rowCount()),
    streamsOf: (chunkIds) => chunkIds.map((id) => streamOf(streamById.get(id))),
    changed() {
      reader.changed();
      counts.changed();
    },
  };
}

function boundFrom(sum: number, unreadShare: number): number {
  return sum + unreadShare === 0 ? 0 : Math.min(1, sum + unreadShare + ROUNDING);
}

/**
 * Adds the upper bound of a word with parts for each chunk: no more than the best of them, or all of it when the chunk
 * has the word and a part.
 */
function addWithParts(
  whole: PostingList | null,
  parts: readonly PostingList[],
  share: number,
  sums: Float32Array,
  ofTerm: Float32Array,
): void {
  const touched: number[] = [];
  for (const list of parts) {
    visitPostings(list, (id, occurrence) => {
      const known = ofTerm[id] ?? 0;
      if (known === 0) touched.push(id);
      ofTerm[id] = Math.max(known, PRESENCE_BOUNDS[occurrence] ?? 0);
    });
  }
  if (whole !== null) {
    visitPostings(whole, (id, occurrence) => {
      const known = ofTerm[id] ?? 0;
      if (known === 0) touched.push(id);
      ofTerm[id] = known > 0 ? 1 : (PRESENCE_BOUNDS[occurrence] ?? 0);
    });
  }
  for (const id of touched) {
    sums[id] = (sums[id] ?? 0) + share * (ofTerm[id] ?? 0);
    ofTerm[id] = 0;
  }
}

/** Offers the segment's chunks that are in these files and have a word. Files are by their first ids. */
function offerFrom(
  { firstId, endId }: Segment,
  files: readonly FileEntry[],
  sums: Float32Array,
  unreadShare: number,
  top: TopList,
): void {
  for (let at = firstFileFrom(files, firstId); at < files.length; at += 1) {
    const file = files[at];
    if (file === undefined || file.firstId >= endId) return;
    if (file.isGone) continue;
    const from = Math.max(firstId, file.firstId) - firstId;
    const to = Math.min(endId, file.firstId + file.chunkCount) - firstId;
    offerRange(firstId, from, to, sums, unreadShare, top, ALL);
  }
}

const ALL = (): boolean => true;

/** Offers the chunks between two positions of a segment that may be found and have a word. */
function offerRange(
  firstId: number,
  from: number,
  to: number,
  sums: Float32Array,
  unreadShare: number,
  top: TopList,
  mayBeFound: (id: number) => boolean,
): void {
  // Of equal scores the smaller id wins, and ids ascend.
  let floor = Math.max(top.floor() - unreadShare, unreadShare > 0 ? -1 : 0);
  for (let place = from; place < to; place += 1) {
    const sum = sums[place] as number;
    if (sum <= floor || !mayBeFound(firstId + place)) continue;
    top.offer(firstId + place, sum + unreadShare);
    floor = Math.max(top.floor() - unreadShare, unreadShare > 0 ? -1 : 0);
  }
}

/** The index of the last file that begins at or before the id; 0: all begin after it. */
function firstFileFrom(files: readonly FileEntry[], id: number): number {
  let low = 0;
  let high = files.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((files[middle]?.firstId ?? 0) <= id) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** How many chunks of a list exist. */
function liveCount(list: PostingList, { firstId }: Segment, files: readonly FileEntry[]): number {
  let at = firstFileFrom(files, firstId);
  let count = 0;
  visitPostings(list, (place) => {
    const id = firstId + place;
    while (at + 1 < files.length && (files[at + 1]?.firstId ?? 0) <= id) at += 1;
    const file = files[at];
    if (file !== undefined && !file.isGone && id >= file.firstId && id < file.firstId + file.chunkCount) count += 1;
  });
  return count;
}

/** The rarest terms, and of the others as many as the limit allows. */
function pickTerms(
  terms: readonly QueryTerm[],
  scorer: WordScorer,
  rowsWith: (word: string) => number,
): { readonly read: ReadTerm[]; readonly unreadShare: number } {
  const byRarity = terms
    .map(({ word, hash, parts }, at) => ({
      share: scorer.shares[at] ?? 0,
      hash,
      partHashes: parts.map((part) => part.hash),
      rows: rowsWith(word) + parts.reduce((sum, part) => sum + rowsWith(part.word), 0),
    }))
    .filter(({ share, rows }) => share > 0 && rows > 0)
    .sort((a, b) => a.rows - b.rows);
  const rowsMax = Math.max(READ_POSTINGS_MAX, (byRarity[0]?.rows ?? 0) * READ_FACTOR_OF_RAREST);
  const read: ReadTerm[] = [];
  let rowsRead = 0;
  let unreadShare = 0;
  for (const term of byRarity) {
    rowsRead += term.rows;
    if (rowsRead <= rowsMax) read.push(term);
    else unreadShare += term.share;
  }
  return { read, unreadShare };
}
