import { existsSync } from 'node:fs';
import { type AttributeFilter, type Attributes, matchesFilter } from '@espejo/core';
import Sqlite, { type Database, type Statement } from 'better-sqlite3';
import { IndexError } from '../index-error.ts';
import { floatsOf, type Meta, readMeta, vectorTable } from './schema.ts';

/** A file in the memory of a searcher. */
export interface FileEntry {
  readonly fileId: string;
  filename: string;
  attributes: Attributes;
  readonly firstId: number;
  readonly chunkCount: number;
  readonly textBytes: number;
  /** Removed or replaced: its chunks are not found any more. */
  isGone: boolean;
  /** The position of its vectors among the rows in memory; -1: they are not loaded. */
  rowAt: number;
}

interface FileRow {
  readonly fileId: string;
  readonly filename: string;
  readonly attributes: string;
  readonly firstId: number;
  readonly chunkCount: number;
  readonly textBytes: number;
}

const FILE_COLUMNS =
  'file_id AS fileId, filename, attributes, first_id AS firstId, chunk_count AS chunkCount, text_bytes AS textBytes';

export interface Changes {
  /** Everything was read again: nothing that a caller has kept is valid. */
  readonly isAll: boolean;
  readonly added: readonly FileEntry[];
  readonly goneCount: number;
}

/** Reads a store's file, in snapshots, and keeps its list of files in sync with the writes. */
export interface StoreReader {
  readonly database: Database;
  meta(): Meta;
  files(): ReadonlyMap<string, FileEntry>;
  /** Every file, by its first id, including removed ones. */
  entries(): readonly FileEntry[];
  /** The file of a chunk; undefined: it was removed. */
  entryOf(chunkId: number): FileEntry | undefined;
  /** The files that match, by their first id. */
  matching(filter: AttributeFilter): FileEntry[];
  /** Calls `work` on one state of the store, after `onChange` if it changed since the last time. */
  inSnapshot<T>(onChange: (changes: Changes) => void, work: () => T): T;
  /** The vector of a chunk; undefined: it does not exist. */
  vectorOf(chunkId: number): Float32Array | undefined;
  /** Blocks of vectors whose rows begin in [fromId, toId), in order. */
  blocks(fromId: number, toId: number): Iterable<{ firstId: number; packed: Float32Array }>;
  close(): void;
}

function openReadOnly(path: string): Database {
  try {
    return new Sqlite(path, { readonly: true });
  } catch (cause) {
    if (existsSync(path)) throw cause;
    throw new IndexError('store_not_found', 'There is no such store.');
  }
}

/** Opens a store; throws `store_not_found` when it does not exist. */
export function openStoreReader(path: string): StoreReader {
  const database = openReadOnly(path);
  database.pragma('busy_timeout = 10000');
  database.pragma('cache_size = -2048');
  database.pragma('mmap_size = 1073741824');
  let meta: Meta | undefined = readMeta(database);
  if (meta === undefined) {
    database.close();
    throw new IndexError('store_not_found', 'There is no such store.');
  }
  const position = database
    .prepare<[], [number, number, number]>(
      `SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'log'), 0),
        (SELECT generation FROM meta), (SELECT format FROM meta)`,
    )
    .raw();
  const changedIds = database.prepare<[number], string>('SELECT DISTINCT file_id FROM log WHERE seq > ?').pluck();
  const firstLogged = database.prepare<[], number>('SELECT coalesce(min(seq), 0) FROM log').pluck();
  const fileById = database.prepare<[string], FileRow>(`SELECT ${FILE_COLUMNS} FROM file WHERE file_id = ?`);
  const allFiles = database.prepare<[], FileRow>(`SELECT ${FILE_COLUMNS} FROM file ORDER BY first_id`);
  const begin = database.prepare('BEGIN');
  const end = database.prepare('COMMIT');

  const files = new Map<string, FileEntry>();
  let entries: FileEntry[] = [];
  let lastSeq = -1;
  let vectorById: { readonly generation: number; readonly statement: Statement<number[], Uint8Array> } | undefined;

  const readAll = (): Changes => {
    for (const entry of entries) entry.isGone = true;
    files.clear();
    entries = allFiles.all().map(entryFrom);
    for (const entry of entries) files.set(entry.fileId, entry);
    return { isAll: true, added: entries, goneCount: 0 };
  };

  const readChanged = (fileIds: readonly string[]): Changes => {
    const added: FileEntry[] = [];
    let goneCount = 0;
    for (const fileId of fileIds) {
      const row = fileById.get(fileId);
      const known = files.get(fileId);
      if (row !== undefined && known?.firstId === row.firstId) {
        known.attributes = JSON.parse(row.attributes);
        continue;
      }
      if (known !== undefined) {
        known.isGone = true;
        goneCount += known.chunkCount;
        files.delete(fileId);
      }
      if (row !== undefined) {
        const entry = entryFrom(row);
        files.set(fileId, entry);
        added.push(entry);
      }
    }
    added.sort((a, b) => a.firstId - b.firstId);
    entries.push(...added);
    if (entries.length > 2 * files.size + 64) entries = entries.filter((entry) => !entry.isGone);
    return { isAll: false, added, goneCount };
  };

  const catchUp = (onChange: (changes: Changes) => void): void => {
    const [seq = 0, generation = 0, format = 0] = position.get() ?? [];
    const known = meta;
    if (seq === lastSeq && generation === known?.generation && format === known.format) return;
    meta = readMeta(database);
    const isAll = lastSeq < 0 || generation !== known?.generation || (firstLogged.get() ?? 0) > lastSeq + 1;
    const changes = isAll ? readAll() : readChanged(changedIds.all(lastSeq));
    lastSeq = seq;
    onChange(changes);
  };

  return {
    database,
    meta() {
      if (meta === undefined) throw new IndexError('store_not_found', 'There is no such store.');
      return meta;
    },
    files: () => files,
    entries: () => entries,
    entryOf(chunkId) {
      let low = 0;
      let high = entries.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((entries[middle]?.firstId ?? 0) <= chunkId) low = middle + 1;
        else high = middle;
      }
      const entry = entries[low - 1];
      return entry === undefined || entry.isGone || chunkId >= entry.firstId + entry.chunkCount ? undefined : entry;
    },
    matching: (filter) => entries.filter((entry) => !entry.isGone && matchesFilter(entry.attributes, filter)),
    inSnapshot(onChange, work) {
      begin.run();
      try {
        catchUp(onChange);
        return work();
      } finally {
        end.run();
      }
    },
    *blocks(fromId, toId) {
      const { generation } = meta ?? { generation: 0 };
      const rows = database
        .prepare<[number, number], [number, Uint8Array]>(
          `SELECT first_id, data FROM ${vectorTable(generation)} WHERE first_id >= ? AND first_id < ? ORDER BY first_id`,
        )
        .raw();
      for (const [firstId, data] of rows.iterate(fromId, toId)) yield { firstId, packed: floatsOf(data) };
    },
    vectorOf(chunkId) {
      const { generation, dimensions } = meta ?? { generation: 0, dimensions: 0 };
      if (vectorById?.generation !== generation) {
        const sql = `SELECT substr(data, (? - first_id) * ? + 1, ?) FROM ${vectorTable(generation)}
          WHERE first_id <= ? ORDER BY first_id DESC LIMIT 1`;
        vectorById = { generation, statement: database.prepare<number[], Uint8Array>(sql).pluck() };
      }
      const sizeBytes = dimensions * 4;
      const data = vectorById.statement.get(chunkId, sizeBytes, sizeBytes, chunkId);
      return data?.byteLength === sizeBytes ? floatsOf(data) : undefined;
    },
    close: () => database.close(),
  };
}

function entryFrom({ attributes, ...row }: FileRow): FileEntry {
  return { ...row, attributes: JSON.parse(attributes), isGone: false, rowAt: -1 };
}
