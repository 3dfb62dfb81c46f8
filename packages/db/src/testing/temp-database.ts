import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type Database, type OpenDatabaseOptions, openDatabase } from '../database.ts';

/** A database for one test, of any kind. */
export interface TestDatabase {
  readonly db: Database;
  /** Closes it and removes its files. */
  dispose(): Promise<void>;
}

export type OpenTestDatabase = () => Promise<TestDatabase>;

export interface TempDatabase extends TestDatabase {
  readonly path: string;
  /** Another connection to the same file, like a SQL prompt. Closed with the database. */
  rawConnection(): Sqlite.Database;
}

/** SQLite in a file of its own, with all real migrations applied. */
export async function openTempDatabase(options: Omit<OpenDatabaseOptions, 'path'> = {}): Promise<TempDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'espejo-db-'));
  const path = join(folder, 'test.db');
  const db = openDatabase({ path, ...options });
  const raws: Sqlite.Database[] = [];
  return {
    db,
    path,
    rawConnection() {
      const raw = new Sqlite(path, { timeout: 50 });
      raws.push(raw);
      return raw;
    },
    async dispose() {
      for (const raw of raws) raw.close();
      await db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
