import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/** Plan hashes of open deletions, read from the database of a killed process. */
export function readOpenPlans(dataDir: string): ReadonlySet<string> {
  const sqlite = new Sqlite(join(dataDir, 'espejo.db'), { readonly: true });
  try {
    const hashes = sqlite
      .prepare("select plan_hash from deletion where status in ('waiting', 'running')")
      .pluck()
      .all();
    return new Set(hashes as string[]);
  } finally {
    sqlite.close();
  }
}

/** The audit actions of a deletion, oldest first. For a database that no process writes. */
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
