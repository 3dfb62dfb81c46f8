import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { EmbeddingCache } from './embedding-cache.ts';

export interface SqliteEmbeddingCacheOptions {
  /** Made when it is not there, and made anew when it is damaged: it is only a cache. */
  readonly path: string;
  /** Of the file; past it, what was put in first goes. */
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
/** How full the file is after room was made, so that not every write has to make some. */
const KEPT_SHARE = 0.9;
const ROWS_PER_EVICTION = 50;

/** A cache of vectors in a SQLite file of its own, bounded in size. What goes wrong in the file is a miss, no failure. */
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

/** A damaged or full file, or a disk that fails, costs only what the cache would have saved. */
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
    // A power cut may cost what was just kept, or the file; either is made again.
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
  // A copy of its own: what SQLite gives is not aligned to four bytes.
  const copy = new Uint8Array(bytes);
  return new Float32Array(copy.buffer);
}
