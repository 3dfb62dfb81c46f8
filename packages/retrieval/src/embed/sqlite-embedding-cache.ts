import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { EmbeddingCache } from './embedding-cache.ts';

export interface SqliteEmbeddingCacheOptions {
  /** Created if absent, and again when it is damaged, because it is only a cache. */
  readonly path: string;
  /** The maximum size of the file; beyond it the oldest entries are removed. */
  readonly maxBytes: number;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS embedding (
    id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    text_hash BLOB NOT NULL,
    vector BLOB NOT NULL,
    UNIQUE (fingerprint, text_hash)
  )`;
/** The fill level after an eviction, so that not every write has to evict. */
const KEPT_SHARE = 0.9;
const ROWS_PER_EVICTION = 50;

/** A cache of vectors in a SQLite file of its own, bounded in size. An error in the file counts as a miss. */
export function openSqliteEmbeddingCache({ path, maxBytes }: SqliteEmbeddingCacheOptions): EmbeddingCache {
  const db = openOrRemake(path);
  const find = db.prepare<[string, Buffer], { vector: Buffer }>(
    'SELECT vector FROM embedding WHERE fingerprint = ? AND text_hash = ?',
  );
  const insert = db.prepare('INSERT OR IGNORE INTO embedding (fingerprint, text_hash, vector) VALUES (?, ?, ?)');
  const deleteOldest = db.prepare(
    `DELETE FROM embedding WHERE id IN (SELECT id FROM embedding ORDER BY id LIMIT ${ROWS_PER_EVICTION})`,
  );
  const pagesUsed = db.prepare<[], { bytes: number }>(
    `SELECT (page_count - freelist_count) * page_size AS bytes
     FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()`,
  );

  function makeRoom(): void {
    if ((pagesUsed.get()?.bytes ?? 0) <= maxBytes) return;
    while ((pagesUsed.get()?.bytes ?? 0) > maxBytes * KEPT_SHARE) {
      if (deleteOldest.run().changes === 0) return;
    }
  }

  const putAll = db.transaction((fingerprint: string, entries: readonly { key: string; vector: Float32Array }[]) => {
    for (const { key, vector } of entries) {
      const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
      insert.run(fingerprint, Buffer.from(key, 'hex'), bytes);
    }
    makeRoom();
  });

  return {
    async getMany(fingerprint, keys) {
      return keys.map((key) => {
        const row = orUndefined(() => find.get(fingerprint, Buffer.from(key, 'hex')));
        return vectorOf(row?.vector);
      });
    },
    async putMany(fingerprint, entries) {
      orUndefined(() => putAll(fingerprint, entries));
    },
    async close() {
      db.close();
    },
  };
}

/** A damaged or full file, or a failing disk, loses only the cached vectors. */
function orUndefined<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Database.SqliteError) return undefined;
    throw error;
  }
}

function openOrRemake(path: string): Database.Database {
  try {
    return openFile(path);
  } catch (error) {
    if (!(error instanceof Database.SqliteError) || !['SQLITE_CORRUPT', 'SQLITE_NOTADB'].includes(error.code))
      throw error;
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
    return openFile(path);
  }
}

function openFile(path: string): Database.Database {
  const db = new Database(path);
  try {
    db.pragma('journal_mode = WAL');
    // A power cut may lose recent entries, or the file; both can be made again.
    db.pragma('synchronous = OFF');
    db.exec(SCHEMA);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function vectorOf(bytes: Buffer | undefined): Float32Array | undefined {
  if (bytes === undefined || bytes.length % 4 !== 0) return undefined;
  // A copy, because SQLite's buffer is not aligned to four bytes.
  const copy = new Uint8Array(bytes);
  return new Float32Array(copy.buffer);
}
