import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

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
