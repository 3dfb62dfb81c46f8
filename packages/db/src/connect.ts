import { AppError } from '@espejo/core';
import Sqlite from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import * as schema from './schema/index.ts';

export type Orm = BetterSQLite3Database<typeof schema>;
export type Statement = Sqlite.Statement<unknown[]>;

/** One SQLite connection: drizzle for readable queries, cached statements for queries that run very often. */
export interface Handle {
  readonly orm: Orm;
  /** A prepared statement, kept for the connection's life. */
  statement(sqlText: string): Statement;
  /**
   * Changes after every write to the database by any connection. What was read under one version is still valid under
   * it.
   */
  dataVersion(): string;
  readonly sqlite: Sqlite.Database;
}

export interface ConnectOptions {
  readonly isReadOnly: boolean;
  /** How long SQLite itself may block this thread for another process's lock. */
  readonly busyTimeoutMs: number;
  /** No other process may have the file open, or open it later. */
  readonly isExclusive?: boolean;
}

/** Opens one connection with the pragmas that every connection of Espejo has. */
export function connect(path: string, options: ConnectOptions): Handle {
  const sqlite = new Sqlite(path, { readonly: options.isReadOnly, timeout: options.busyTimeoutMs });
  // Before the first read, because the file is locked at that point.
  if (options.isExclusive === true) sqlite.pragma('locking_mode = EXCLUSIVE');
  if (!options.isReadOnly) {
    sqlite.pragma('journal_mode = WAL');
    // NORMAL with WAL: a power cut may lose the last commits but never corrupts; the next sync repairs a mirror.
    sqlite.pragma('synchronous = NORMAL');
    sqlite.pragma('wal_autocheckpoint = 4000');
    sqlite.pragma('journal_size_limit = 67108864');
  }
  sqlite.pragma('temp_store = MEMORY');
  sqlite.pragma('cache_size = -32000');
  // Names that look the same compare as equal, however their accents are composed.
  sqlite.function('nfc', { deterministic: true }, (text: unknown) =>
    typeof text === 'string' ? text.normalize('NFC') : text,
  );
  const statements = new Map<string, Statement>();
  // SQLite counts the commits of other connections and the writes of this one separately.
  const committed = sqlite.prepare<unknown[]>('pragma data_version').pluck();
  const written = sqlite.prepare<unknown[]>('select total_changes()').pluck();
  return {
    dataVersion: () => `${committed.get()}.${written.get()}`,
    sqlite,
    orm: drizzle(sqlite, { schema }),
    statement(sqlText) {
      let statement = statements.get(sqlText);
      if (statement === undefined) {
        statement = sqlite.prepare<unknown[]>(sqlText);
        statements.set(sqlText, statement);
      }
      return statement;
    },
  };
}

/** Translates SQLite errors to errors of the error table; any other error is returned unchanged. */
export function toAppError(cause: unknown): unknown {
  const code = sqliteCode(cause);
  if (code === undefined) return cause;
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new AppError('database_busy', 'The database is busy. Nothing was changed; try again in a moment.', {
      cause,
    });
  }
  if (code.startsWith('SQLITE_FULL') || code.startsWith('SQLITE_IOERR')) {
    return new AppError(
      'database_full',
      'The disk is full or not writable. Nothing was changed; free some space and try again.',
      {
        cause,
      },
    );
  }
  if (cause instanceof Error && cause.message.includes('vector_store_read_only')) {
    return new AppError(
      'vector_store_read_only',
      'This row belongs to a mirror of an OpenAI store and cannot be edited here.',
      {
        cause,
      },
    );
  }
  return cause;
}

export function isBusy(cause: unknown): boolean {
  return sqliteCode(cause)?.startsWith('SQLITE_BUSY') ?? false;
}

/** The SQLite code of an error, also when drizzle wrapped it. */
function sqliteCode(failure: unknown): string | undefined {
  for (let error = failure, depth = 0; error instanceof Error && depth < 4; error = error.cause, depth += 1) {
    const code: unknown = Reflect.get(error, 'code');
    if (typeof code === 'string' && code.startsWith('SQLITE_')) return code;
  }
  return undefined;
}
