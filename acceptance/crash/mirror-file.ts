import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { ItemKey } from './upstream-items.ts';

export interface Mirror {
  /** Each item, and whether it is marked missing. */
  readonly items: ReadonlyMap<ItemKey, { readonly isMissing: boolean }>;
  /** Every mirrored row, field by field. */
  readonly rows: readonly unknown[];
}

const EMPTY: Mirror = { items: new Map(), rows: [] };

function databasePath(dataDir: string): string {
  return join(dataDir, 'espejo.db');
}

/** Reads the mirror from the database file, also while a process uses it or after a kill. */
export function readMirror(dataDir: string): Mirror {
  const path = databasePath(dataDir);
  if (!existsSync(path)) return EMPTY;
  const sqlite = new Sqlite(path, { readonly: true });
  try {
    // Killed before its first migration.
    if (sqlite.prepare("select 1 from sqlite_master where name = 'file'").get() === undefined) return EMPTY;
    return sqlite.transaction(() => {
      requireConsistent(sqlite);
      const rows = sqlite
        .prepare(
          `select 'store ' || id, missing_since_ms is not null, json_array(id, name, fingerprint, missing_since_ms, listed_fingerprint) from vector_store
           union all select 'file ' || id, missing_since_ms is not null, json_array(id, content_hash, attachment_count, missing_since_ms) from file
           union all select 'attachment ' || store_id || '/' || file_id, missing_since_ms is not null, json_array(content_hash, missing_since_ms) from attachment`,
        )
        .raw()
        .all() as [ItemKey, number, string][];
      return { items: new Map(rows.map(([key, isMissing]) => [key, { isMissing: isMissing === 1 }])), rows };
    })();
  } finally {
    sqlite.close();
  }
}

/** Invariants of every committed state, also after a kill. */
function requireConsistent(sqlite: Sqlite.Database): void {
  const permits = sqlite.prepare('select count(*) from mirror_write_permit').pluck().get();
  if (permits !== 0) throw new Error('A permit to write the mirror was committed.');
  const miscounted = sqlite
    .prepare(
      `select id, attachment_count from file where attachment_count <>
         (select count(*) from attachment a where a.tenant_id = file.tenant_id and a.file_id = file.id)`,
    )
    .all();
  if (miscounted.length > 0) throw new Error(`Attachments are miscounted: ${JSON.stringify(miscounted)}`);
  const stray = sqlite
    .prepare('select store_id, file_id from attachment where store_id not in (select id from vector_store)')
    .all();
  if (stray.length > 0) throw new Error(`Attachments of no store: ${JSON.stringify(stray)}`);
}

/** Checks the integrity of the file and of the text index. For a database that no process has open. */
export function checkIntegrity(dataDir: string): void {
  const sqlite = new Sqlite(databasePath(dataDir));
  try {
    const answer = sqlite.pragma('integrity_check', { simple: true });
    if (answer !== 'ok') throw new Error(`The database is damaged: ${answer}`);
    sqlite.exec("insert into vector_store_text (vector_store_text, rank) values ('integrity-check', 1)");
  } finally {
    sqlite.close();
  }
}
