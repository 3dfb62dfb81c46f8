import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type IndexedFile,
  inspectDatabase,
  isDatabaseInUse,
  knownMigrationCount,
  listContent,
  listIndexedFileIds,
  openDatabase,
} from '@espejo/db';
import { BackupFault, checkBackup, type Manifest } from './manifest.ts';

const KEPT = ['espejo.db', 'espejo.db-wal', 'espejo.db-shm', 'stores', 'blobs', 'secret', 'secret.next'] as const;

/** What a restore did. */
export interface Restored {
  readonly manifest: Manifest;
  /** Files that are taken in once more, for the index of their store was copied before or after them. */
  readonly requeuedCount: number;
  /** Where what was there before is now; null: there was nothing. */
  readonly setAside: string | null;
}

/**
 * Puts a backup in place of the data folder. Nothing is touched before the whole backup is known to be sound and not
 * newer than this version; what was there is set aside, never deleted. Throws BackupFault, also while Espejo runs.
 */
export async function restoreBackup(input: {
  readonly folder: string;
  readonly dataDir: string;
  readonly now: Date;
}): Promise<Restored> {
  const { folder, dataDir, now } = input;
  const manifest = await checkBackup(folder);
  checkDatabase(join(folder, 'espejo.db'), manifest);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const database = join(dataDir, 'espejo.db');
  if (existsSync(database) && isDatabaseInUse(database))
    throw new BackupFault('Espejo is running on this data folder. Stop it, then restore.');
  const setAside = await setAsideWhatIsThere(dataDir, now);
  for (const { path } of manifest.files) {
    const to = join(dataDir, path);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await copyFile(join(folder, path), to, constants.COPYFILE_FICLONE);
  }
  return { manifest, requeuedCount: await requeueMissing(dataDir, now), setAside };
}

function checkDatabase(path: string, manifest: Manifest): void {
  if (manifest.migrationCount > knownMigrationCount())
    throw new BackupFault('The backup was made by a newer version of Espejo. Restore it with that version.');
  const report = inspectDatabase(path);
  const isSame = Object.entries(manifest.counts).every(([table, count]) => report.counts[table] === count);
  if (!report.isIntact || !isSame) throw new BackupFault('The backup is damaged: its database is not whole.');
}

async function setAsideWhatIsThere(dataDir: string, now: Date): Promise<string | null> {
  const there = KEPT.filter((name) => existsSync(join(dataDir, name)));
  if (there.length === 0) return null;
  const aside = join(dataDir, `before-restore-${now.toISOString().replaceAll(/[:.]/g, '-')}`);
  await mkdir(aside, { mode: 0o700 });
  for (const name of there) await rename(join(dataDir, name), join(aside, name));
  return aside;
}

/** The stores' files were copied a moment after the database: what they do not hold of it is taken in once more. */
async function requeueMissing(dataDir: string, now: Date): Promise<number> {
  const path = join(dataDir, 'espejo.db');
  const missing: IndexedFile[] = [];
  for (const [storeId, files] of Map.groupBy(listContent(path).indexed, (file) => file.storeId)) {
    const held = listIndexedFileIds(join(dataDir, 'stores'), storeId);
    missing.push(...files.filter((file) => !held.has(file.fileId)));
  }
  if (missing.length === 0) return 0;
  const db = openDatabase({ path });
  try {
    const lastError = { code: 'server_error', message: 'Restored; taken in once more.' } as const;
    await db.transaction(async (tx) => {
      for (const key of missing) {
        await tx.ownAttachments.finish(
          key,
          { status: 'failed', usageBytes: 0, chunkCount: null, lastError },
          now.getTime(),
        );
        await tx.ownAttachments.retry(key, now.getTime());
      }
    });
  } finally {
    await db.close();
  }
  return missing.length;
}
