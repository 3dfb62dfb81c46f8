import type { Database } from 'better-sqlite3';
import { IndexError } from '../index-error.ts';

/**
 * The format of the words: 1 is split and folded by SQLite, 2 by `words/` and indexed by SQLite, 3 is indexed by
 * `postings/`. A store records which of them is in use.
 */
export const FORMAT = 3;

/** The usable part of a database page of 16 KB. */
const BLOCK_BYTES_MAX = 16_000;

/** Rows in one block of vectors: to read one row, at most a page is read. Older stores have blocks of 64. */
export function blockRows(dimensions: number): number {
  return Math.max(1, Math.floor(BLOCK_BYTES_MAX / (dimensions * 4)));
}

/** Changes that a reader can catch up on; one that is further behind reads all files again. */
export const LOG_ROWS = 10_000;

/**
 * A file's chunks have the ids from `first_id` on, in reading order; ids ascend and are never reused, so an id shows
 * which chunks are newer than a graph, and a chunk without a file is deleted. Vectors are in blocks, in a table per
 * generation: those of another model are written beside the current ones.
 */
export const SCHEMA = `
CREATE TABLE meta (
  format INTEGER NOT NULL,
  epoch TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  dimensions INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  next_id INTEGER NOT NULL,
  next_fingerprint TEXT,
  next_dimensions INTEGER
) STRICT;
CREATE TABLE file (
  file_id TEXT PRIMARY KEY,
  filename TEXT NOT NULL,
  attributes TEXT NOT NULL,
  first_id INTEGER NOT NULL,
  chunk_count INTEGER NOT NULL,
  text_bytes INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX file_first_id ON file (first_id);
CREATE TABLE chunk (
  id INTEGER PRIMARY KEY,
  ordinal INTEGER NOT NULL,
  text TEXT NOT NULL,
  token_count INTEGER NOT NULL,
  start_offset INTEGER NOT NULL,
  end_offset INTEGER NOT NULL,
  page INTEGER,
  line INTEGER NOT NULL
) STRICT;
CREATE TABLE log (seq INTEGER PRIMARY KEY AUTOINCREMENT, file_id TEXT NOT NULL) STRICT;
`;

/** The tables of the words in one format. */
export interface WordTables {
  /** SQLite's full-text index; null: the format has segments. */
  readonly fullText: string | null;
  readonly segments: SegmentTables | null;
  /** The hashes of every chunk's words in order; null: the format has none. */
  readonly streams: string | null;
  /** A view of the words in older formats. */
  readonly stats: string | null;
}

/**
 * A segment has the words of chunks with consecutive ids, as lists of postings in blocks; its directory has the hash of
 * the first word of each block. Segments do not overlap. The row of a block is the segment's number times 2^20 plus the
 * block's number.
 */
export interface SegmentTables {
  readonly segments: string;
  readonly blocks: string;
}

/** The row of a segment's block. */
export function blockId(segmentId: number, block: number): number {
  return segmentId * 2 ** 20 + block;
}

/** The tables of a format. A number, so it is safe in SQL. */
export function wordTables(format: number): WordTables {
  if (format === 1) return { fullText: 'words', segments: null, streams: null, stats: 'word_stats' };
  if (format === 2) return { fullText: 'words_2', segments: null, streams: 'word_stream_2', stats: null };
  const number = Math.trunc(format);
  return {
    fullText: null,
    segments: { segments: `word_segment_${number}`, blocks: `word_block_${number}` },
    streams: `word_stream_${number}`,
    stats: null,
  };
}

/** Creates the tables of the present format if absent. */
export function createWordTables(database: Database): void {
  const { segments, streams } = wordTables(FORMAT);
  if (segments === null) return;
  database.exec(`
CREATE TABLE IF NOT EXISTS ${segments.segments} (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  first_id INTEGER NOT NULL,
  end_id INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  dead_rows INTEGER NOT NULL,
  posting_count INTEGER NOT NULL,
  directory BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS ${segments.blocks} (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS ${streams} (id INTEGER PRIMARY KEY, stream BLOB NOT NULL) STRICT;
`);
}

/** Removes the tables of every older format. */
export function dropOlderWordTables(database: Database): void {
  for (let format = 1; format < FORMAT; format += 1) {
    const { stats, fullText, streams } = wordTables(format);
    for (const table of [stats, fullText, streams]) {
      if (table !== null) database.exec(`DROP TABLE IF EXISTS ${table}`);
    }
  }
}

/** The formats in which a write stores words: the one in use, and the one that is being built. */
export function writtenFormats(database: Database, { format }: Pick<Meta, 'format'>): readonly number[] {
  if (format === FORMAT) return [FORMAT];
  const isBegun = database
    .prepare<[string]>('SELECT 1 FROM sqlite_schema WHERE name = ?')
    .get(wordTables(FORMAT).streams ?? '');
  return isBegun === undefined ? [format] : [format, FORMAT];
}

export interface Meta {
  readonly format: number;
  /** Random for each created store, to recognise a graph of a dropped store with the same id. */
  readonly epoch: string;
  readonly fingerprint: string;
  readonly dimensions: number;
  readonly generation: number;
  readonly nextId: number;
  readonly nextFingerprint: string | null;
  readonly nextDimensions: number | null;
}

/** The row of the store itself; undefined: the file is not a store yet. */
export function readMeta(database: Database): Meta | undefined {
  const isMade = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get() !== undefined;
  if (!isMade) return undefined;
  return database
    .prepare<[], Meta>(
      `SELECT format, epoch, fingerprint, dimensions, generation, next_id AS nextId,
        next_fingerprint AS nextFingerprint, next_dimensions AS nextDimensions FROM meta`,
    )
    .get();
}

export function metaOf(database: Database): Meta {
  const meta = readMeta(database);
  if (meta === undefined) throw new IndexError('store_not_found', 'There is no such store.');
  return meta;
}

/** The table of a generation's vectors. A number, so it is safe in SQL. */
export function vectorTable(generation: number): string {
  return `vector_${Math.trunc(generation)}`;
}

export function createVectorTable(database: Database, generation: number): void {
  database.exec(
    `CREATE TABLE IF NOT EXISTS ${vectorTable(generation)} (first_id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT`,
  );
}

/** Floats of a blob, copied if the blob is not aligned to four bytes. */
export function floatsOf(data: Uint8Array): Float32Array {
  if (data.byteOffset % 4 === 0) return new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4);
  return new Float32Array(data.slice().buffer);
}
