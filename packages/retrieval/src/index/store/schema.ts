import type { Database } from 'better-sqlite3';

export const FORMAT = 1;

/** Rows in one block of vectors: large enough to read fast, small enough to read one row for. */
export const BLOCK_ROWS = 64;

/** Changes a reader can catch up on; one that is further behind reads all files again. */
export const LOG_ROWS = 10_000;

/**
 * A file's chunks have the ids from `first_id` on, in reading order; ids go up and are never given twice, so an id says
 * which chunks are newer than a graph, and a deleted chunk is one whose file is not there. Vectors are in blocks, in a
 * table a generation: another model's are made beside those that serve.
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
CREATE VIRTUAL TABLE words USING fts5(
  text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE word_stats USING fts5vocab('words', 'row');
`;

export interface Meta {
  readonly format: number;
  /** Made at random with the store: a graph of a dropped store of the same id is told apart. */
  readonly epoch: string;
  readonly fingerprint: string;
  readonly dimensions: number;
  readonly generation: number;
  readonly nextId: number;
  readonly nextFingerprint: string | null;
  readonly nextDimensions: number | null;
}

/** The one row about the store itself; undefined: the file is not yet a store. */
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

/** The table of a generation's vectors. A number, so it can stand in SQL. */
export function vectorTable(generation: number): string {
  return `vector_${Math.trunc(generation)}`;
}

export function createVectorTable(database: Database, generation: number): void {
  database.exec(
    `CREATE TABLE IF NOT EXISTS ${vectorTable(generation)} (first_id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT`,
  );
}

/** Floats of a blob, copied where the blob does not lie on a multiple of four. */
export function floatsOf(data: Uint8Array): Float32Array {
  if (data.byteOffset % 4 === 0) return new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4);
  return new Float32Array(data.slice().buffer);
}
