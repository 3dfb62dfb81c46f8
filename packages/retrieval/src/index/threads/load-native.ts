import Sqlite from 'better-sqlite3';

/** Loads SQLite's library, which would otherwise be loaded with the first database. */
export function loadSqlite(): void {
  new Sqlite(':memory:').close();
}
