import Sqlite from 'better-sqlite3';

/** Loads the library of SQLite, which would be loaded with the first database. */
export function loadSqlite(): void {
  new Sqlite(':memory:').close();
}
