import { join } from 'node:path';
import { type IndexedFile, listContent, listIndexedFileIds, openDatabase } from '@espejo/db';
import { storeKey } from '../services/store-index/store-key.ts';

/**
 * Queues files for ingestion that the database has as indexed and that no index has. Returns their number. No other
 * process has the database open.
 */
export async function requeueMissing(dataDir: string, now: Date): Promise<number> {
  const path = join(dataDir, 'espejo.db');
  const missing: IndexedFile[] = [];
  const byStore = Map.groupBy(listContent(path).indexed, ({ tenantId, storeId }) => storeKey(tenantId, storeId));
  for (const [key, files] of byStore) {
    // In data of an older version, the index of a store is not in a folder of its tenant.
    const held = listIndexedFileIds(join(dataDir, 'stores'), [key, files[0]?.storeId ?? key]);
    missing.push(...files.filter((file) => !held.has(file.fileId)));
  }
  if (missing.length === 0) return 0;
  const db = openDatabase({ path });
  try {
    const lastError = { code: 'server_error', message: 'Restored; will be ingested again.' } as const;
    await db.transaction(async (tx) => {
      for (const key of missing) {
        await tx.primaryAttachments.finish(
          key,
          { status: 'failed', usageBytes: 0, chunkCount: null, lastError },
          now.getTime(),
        );
        await tx.primaryAttachments.retry(key, now.getTime());
      }
    });
  } finally {
    await db.close();
  }
  return missing.length;
}
