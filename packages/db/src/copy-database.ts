import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/** Copies a SQLite file as of one moment, while other processes may write to it. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const source = new Sqlite(from, { readonly: true, fileMustExist: true });
  try {
    await source.backup(to);
  } finally {
    source.close();
  }
  // The copy is a single file, without a log until the first write.
  const copy = new Sqlite(to);
  try {
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
}

/** Whether another process has the file open. */
export function isDatabaseInUse(path: string): boolean {
  const sqlite = new Sqlite(path, { timeout: 0 });
  try {
    sqlite.pragma('locking_mode = EXCLUSIVE');
    sqlite.exec('begin immediate; commit');
    return false;
  } catch (cause) {
    if (!(cause instanceof Sqlite.SqliteError)) throw cause;
    if (cause.code.startsWith('SQLITE_BUSY')) return true;
    // A file that is not a database may be replaced by one.
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(cause.code)) return false;
    throw cause;
  } finally {
    sqlite.close();
  }
}

/** What a copy of the control database contains. */
export interface DatabaseReport {
  readonly isIntact: boolean;
  /** Rows by table. */
  readonly counts: Readonly<Record<string, number>>;
  readonly migrationCount: number;
}

export function inspectDatabase(path: string): DatabaseReport {
  const sqlite = new Sqlite(path, { readonly: true, fileMustExist: true });
  try {
    const tables = sqlite
      .prepare(
        `select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and sql not like '%virtual%'`,
      )
      .pluck()
      .all() as string[];
    const count = (table: string) => sqlite.prepare(`select count(*) from "${table}"`).pluck().get() as number;
    return {
      isIntact: sqlite.pragma('integrity_check', { simple: true }) === 'ok',
      counts: Object.fromEntries(tables.filter((name) => !name.startsWith('__')).map((name) => [name, count(name)])),
      migrationCount: count('__drizzle_migrations'),
    };
  } finally {
    sqlite.close();
  }
}

/** A file that a primary store should have in its index. */
export interface IndexedFile {
  readonly tenantId: string;
  readonly storeId: string;
  readonly fileId: string;
}

/** What a copy of the control database refers to: contents by their sha256, and files that are in an index. */
export function listContent(path: string): { contents: string[]; indexed: IndexedFile[] } {
  const sqlite = new Sqlite(path, { readonly: true, fileMustExist: true });
  try {
    return {
      contents: sqlite
        .prepare('select sha256 from file where sha256 is not null union select sha256 from upload_part')
        .pluck()
        .all() as string[],
      indexed: sqlite
        .prepare(
          `select tenant_id as tenantId, store_id as storeId, file_id as fileId from attachment
            where connection_id is null and status = 'completed' order by store_id, file_id`,
        )
        .all() as IndexedFile[],
    };
  } finally {
    sqlite.close();
  }
}

/**
 * The files in a store's index file, which is looked up under each of its names in order; empty when there is no such
 * file.
 */
export function listIndexedFileIds(storesFolder: string, names: readonly string[]): Set<string> {
  const paths = names.map((name) => join(storesFolder, `${name}.db`));
  const path = paths.find((candidate) => existsSync(candidate)) ?? '';
  try {
    const sqlite = new Sqlite(path, { readonly: true, fileMustExist: true });
    try {
      return new Set(sqlite.prepare('select file_id from file').pluck().all() as string[]);
    } finally {
      sqlite.close();
    }
  } catch {
    return new Set();
  }
}
