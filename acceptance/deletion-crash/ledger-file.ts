import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/** Deletions that are not over, says the database of a dead process. */
export function readOpenDeletions(dataDir: string): ReadonlySet<string> {
  const sqlite = new Sqlite(join(dataDir, 'espejo.db'), { readonly: true });
  try {
    const ids = sqlite.prepare("select id from deletion where status in ('waiting', 'running')").pluck().all();
    return new Set(ids as string[]);
  } finally {
    sqlite.close();
  }
}

/** What the audit says of a deletion, oldest first. For a database nobody writes. */
export function readAudit(dataDir: string, deletionId: string): readonly string[] {
  const sqlite = new Sqlite(join(dataDir, 'espejo.db'), { readonly: true });
  try {
    return sqlite
      .prepare('select action from audit_event where subject = ? order by seq')
      .pluck()
      .all(deletionId) as string[];
  } finally {
    sqlite.close();
  }
}
