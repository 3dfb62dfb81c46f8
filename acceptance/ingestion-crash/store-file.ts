import { hash } from 'node:crypto';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/** The content of a store's index file, by filename. For a process that has ended. */
export interface StoreContent {
  /** By filename: the number of chunks, and hashes of their rows in reading order and of their vectors. */
  readonly files: Readonly<
    Record<string, { readonly count: number; readonly chunks: string; readonly vectors: string }>
  >;
  /** Chunks that belong to no file. */
  readonly strayChunks: number;
  readonly integrity: string;
}

/** Reads a store's index file with SQL, independently of the API. */
export function readStoreFile(dataDir: string, storeId: string): StoreContent {
  const sqlite = new Sqlite(join(dataDir, 'stores', 'default', `${storeId}.db`), { readonly: true });
  try {
    const integrity = String(sqlite.pragma('integrity_check', { simple: true }));
    const { dimensions, generation } = sqlite
      .prepare<[], { dimensions: number; generation: number }>('select * from meta')
      .get() ?? { dimensions: 0, generation: 0 };
    const rows = sqlite
      .prepare<[], { name: string; first: number; count: number }>(
        'select filename as name, first_id as first, chunk_count as count from file order by filename',
      )
      .all();
    const chunksOf = sqlite.prepare(
      `select ordinal, text, token_count, start_offset, end_offset, page, line from chunk
        where id >= ? and id < ? order by id`,
    );
    const blocks = sqlite
      .prepare<[], { first_id: number; data: Buffer }>(
        `select first_id, data from vector_${generation} order by first_id`,
      )
      .all();
    let known = 0;
    const files = Object.fromEntries(
      rows.map(({ name, first, count }) => {
        const chunks = chunksOf.all(first, first + count);
        known += chunks.length;
        const mine = blocks.filter((block) => block.first_id >= first && block.first_id < first + count);
        const vectors = Buffer.concat(mine.map((block) => block.data)).subarray(0, count * dimensions * 4);
        return [
          name,
          { count: chunks.length, chunks: hash('sha256', JSON.stringify(chunks)), vectors: hash('sha256', vectors) },
        ];
      }),
    );
    const all = sqlite.prepare('select count(*) from chunk').pluck().get() as number;
    return { files, strayChunks: all - known, integrity };
  } finally {
    sqlite.close();
  }
}

/** The embedding models of the primary stores in the control database. */
export function readFingerprints(dataDir: string): string[] {
  const sqlite = new Sqlite(join(dataDir, 'espejo.db'), { readonly: true });
  try {
    return sqlite.prepare('select embedding_fingerprint from vector_store').pluck().all() as string[];
  } finally {
    sqlite.close();
  }
}

/** The open tasks of the control database, and its rows of primary stores. */
export function readLeftovers(dataDir: string): { tasks: number; pending: number } {
  const sqlite = new Sqlite(join(dataDir, 'espejo.db'), { readonly: true });
  try {
    const count = (table: string) => sqlite.prepare(`select count(*) from ${table}`).pluck().get() as number;
    return { tasks: count('local_task'), pending: count('ingestion where is_pending = 1') };
  } finally {
    sqlite.close();
  }
}
