import { existsSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { IndexError } from '../index-error.ts';
import { createVectorTable, createWordTables, FORMAT, readMeta, SCHEMA, vectorTable } from './schema.ts';

export interface StoreModel {
  readonly fingerprint: string;
  readonly dimensions: number;
}

/** Opens a store's file for writing. With `create`, creates it when it does not exist or was never finished. */
export function openWritable(path: string, create: { model: StoreModel; epoch: string } | null): Database {
  if (create === null && !existsSync(path)) throw new IndexError('store_not_found', 'There is no such store.');
  const database = new Sqlite(path);
  try {
    // Only a new file accepts the page size: blocks of vectors and texts are longer than the default of 4 KB.
    database.pragma('page_size = 16384');
    database.pragma('journal_mode = WAL');
    // What has returned survives a power cut too.
    database.pragma('synchronous = FULL');
    database.pragma('cache_size = -16384');
    database.pragma('busy_timeout = 10000');
    database
      .transaction(() => {
        if (readMeta(database) !== undefined) return;
        if (create === null) throw new IndexError('store_not_found', 'There is no such store.');
        database.exec(SCHEMA);
        createVectorTable(database, 1);
        createWordTables(database);
        database
          .prepare(
            'INSERT INTO meta (format, epoch, fingerprint, dimensions, generation, next_id) VALUES (?, ?, ?, ?, 1, 1)',
          )
          .run(FORMAT, create.epoch, create.model.fingerprint, create.model.dimensions);
      })
      .immediate();
    removeStrayVectors(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Vectors of a generation that is neither current nor next: a process was killed after the switch to another. */
function removeStrayVectors(database: Database): void {
  const meta = readMeta(database);
  if (meta === undefined) return;
  const kept = [vectorTable(meta.generation)];
  if (meta.nextFingerprint !== null) kept.push(vectorTable(meta.generation + 1));
  const tables = database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'vector_[0-9]*'")
    .pluck()
    .all();
  for (const table of tables) if (!kept.includes(table)) database.exec(`DROP TABLE ${table}`);
}
