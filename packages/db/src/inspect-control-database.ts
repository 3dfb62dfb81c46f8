import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { knownMigrations } from './known-migrations.ts';

/** What a control database contains, read before it is opened for writing. */
export type ControlDatabaseReport =
  | { readonly state: 'missing' | 'empty' | 'no_database' | 'cut_short' | 'foreign' | 'newer' | 'busy' }
  /** Made by a first start that ended before the first migration was committed. Neither it nor its log has data. */
  | { readonly state: 'unmigrated' }
  | { readonly state: 'damaged'; readonly reason: string }
  | {
      readonly state: 'ok';
      readonly namesContent: boolean;
      readonly namesIndexes: boolean;
      readonly hasSealedKeys: boolean;
      /** JSON values by name. */
      readonly facts: Readonly<Record<string, unknown>>;
    };

const MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;
/** Up to this size the whole database is checked; of a larger one only the pages that are read. */
const CHECKED_BYTES_MAX = 64 * 2 ** 20;
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Inspects a database read-only. Writes nothing into it, although SQLite may create an empty `-wal` and a `-shm` beside
 * it, as for every reader.
 */
export function inspectControlDatabase(path: string): ControlDatabaseReport {
  const sizeBytes = statSync(path, { throwIfNoEntry: false })?.size;
  if (sizeBytes === undefined) return { state: 'missing' };
  if (sizeBytes === 0) return { state: 'empty' };
  const header = readStart(path);
  if (header.length < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC)
    return { state: 'no_database' };
  if (!hasFrames(path) && sizeBytes < saidBytes(header)) return { state: 'cut_short' };
  try {
    const sqlite = new Sqlite(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    try {
      return look(sqlite, sizeBytes);
    } finally {
      sqlite.close();
    }
  } catch (cause) {
    if (!(cause instanceof Sqlite.SqliteError)) throw cause;
    if (cause.code.startsWith('SQLITE_BUSY')) return { state: 'busy' };
    if (/^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(cause.code)) return { state: 'damaged', reason: cause.message };
    throw cause;
  }
}

function look(sqlite: Sqlite.Database, sizeBytes: number): ControlDatabaseReport {
  const tables = new Set(
    sqlite.prepare(`select name from sqlite_schema where type = 'table'`).pluck().all() as string[],
  );
  if (isUnmigrated(sqlite, tables)) return { state: 'unmigrated' };
  if (!tables.has('__drizzle_migrations') || !tables.has('vector_store')) return { state: 'foreign' };
  if (isNewer(sqlite)) return { state: 'newer' };
  if (sizeBytes <= CHECKED_BYTES_MAX) {
    const found = sqlite.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') return { state: 'damaged', reason: String(found).split('\n')[0] ?? '' };
  }
  const isThere = (sqlText: string) => orFalse(() => sqlite.prepare(sqlText).get() !== undefined);
  return {
    state: 'ok',
    namesContent:
      isThere('select 1 from file where sha256 is not null limit 1') || isThere('select 1 from upload_part limit 1'),
    namesIndexes: isThere(`select 1 from attachment where connection_id is null and status = 'completed' limit 1`),
    hasSealedKeys: isThere('select 1 from connection where api_key_cipher is not null limit 1'),
    facts: tables.has('installation_fact') ? readFacts(sqlite) : {},
  };
}

/** Drizzle creates its own table in one transaction and runs all migrations in the next. */
function isUnmigrated(sqlite: Sqlite.Database, tables: ReadonlySet<string>): boolean {
  if (tables.size === 0) return true;
  return (
    tables.size === 1 &&
    tables.has('__drizzle_migrations') &&
    sqlite.prepare('select 1 from __drizzle_migrations limit 1').get() === undefined
  );
}

/** Whether a database has migrations that this version does not have. Reads only; a new database has none. */
export function inspectAppliedMigrations(path: string): 'known' | 'newer' {
  const known = knownMigrations();
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return 'known';
  const sqlite = new Sqlite(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    const isMigrated =
      sqlite.prepare(`select 1 from sqlite_schema where name = '__drizzle_migrations'`).get() !== undefined;
    return isMigrated && isNewer(sqlite, known) ? 'newer' : 'known';
  } finally {
    sqlite.close();
  }
}

function isNewer(sqlite: Sqlite.Database, known = knownMigrations()): boolean {
  const applied = sqlite.prepare('select created_at from __drizzle_migrations').pluck().all() as (number | string)[];
  return applied.some((when) => !known.includes(Number(when)));
}

/** A table or column that an older version did not have may be missing. */
function orFalse(find: () => boolean): boolean {
  try {
    return find();
  } catch (cause) {
    if (cause instanceof Sqlite.SqliteError && cause.code === 'SQLITE_ERROR') return false;
    throw cause;
  }
}

function readFacts(sqlite: Sqlite.Database): Record<string, unknown> {
  const rows = sqlite.prepare('select name, value from installation_fact').all() as { name: string; value: string }[];
  return Object.fromEntries(rows.map(({ name, value }) => [name, JSON.parse(value)]));
}

/** The size of the database according to its header; 0 when the header does not say. */
function saidBytes(header: Buffer): number {
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  // The page count is valid only as of the change that wrote it.
  const isCurrent = header.readUInt32BE(24) === header.readUInt32BE(92);
  return isCurrent ? pageBytes * header.readUInt32BE(28) : 0;
}

function hasFrames(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > WAL_HEADER_BYTES;
}

const WAL_HEADER_BYTES = 32;
const WAL_MAGIC = [0x377f0682, 0x377f0683];

/**
 * The log beside a database. `none`: it is missing or has no change in it, as after a power cut before the first change
 * was on disk. `garbage`: it does not begin as a log does; SQLite treats such a file as an empty log and overwrites it.
 */
export function inspectDatabaseLog(path: string): 'none' | 'ok' | 'garbage' {
  const sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (sizeBytes <= WAL_HEADER_BYTES) return 'none';
  const header = readStart(path).subarray(0, WAL_HEADER_BYTES);
  if (header.every((byte) => byte === 0)) return 'none';
  return WAL_MAGIC.includes(header.readUInt32BE(0)) && isSummed(header) ? 'ok' : 'garbage';
}

/** SQLite's checksum over the first 24 bytes, in the byte order that the magic number names. */
function isSummed(header: Buffer): boolean {
  const isBig = (header.readUInt32BE(0) & 1) === 1;
  const word = (at: number) => (isBig ? header.readUInt32BE(at) : header.readUInt32LE(at));
  let [a, b] = [0, 0];
  for (let at = 0; at < 24; at += 8) {
    a = (a + word(at) + b) >>> 0;
    b = (b + word(at + 4) + a) >>> 0;
  }
  return a === header.readUInt32BE(24) && b === header.readUInt32BE(28);
}

function readStart(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.min(HEADER_BYTES, fstatSync(file).size));
    readSync(file, bytes, 0, bytes.length, 0);
    return bytes;
  } finally {
    closeSync(file);
  }
}
