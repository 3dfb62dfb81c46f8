import { constants, existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inspectDatabase, isDatabaseInUse, knownMigrationCount } from '@espejo/db';
import { RESTORE_FOLDER } from '../data-folder/inspect-data-folder.ts';
import { setAsideExistingData } from '../data-folder/set-aside.ts';
import { syncFolder } from '../data-folder/write-durably.ts';
import { freeBytes } from '../telemetry/readiness.ts';
import { BackupFault, checkBackup, type Manifest, sha256Of } from './manifest.ts';
import { requeueMissing } from './requeue-missing.ts';

/** Where a backup is copied to before anything is replaced. A start ignores it. */
const COPY_FOLDER = 'restore.copying';

/** The result of a restore. */
export interface Restored {
  readonly manifest: Manifest;
  /** Files that are ingested again, as the index of their store was copied before or after them. */
  readonly requeuedCount: number;
  /** Where the previous data is now; null: there was none. */
  readonly setAside: string | null;
}

/**
 * Replaces the data folder with a backup. The backup is copied completely into a folder beside first, and each copy
 * verified against its hash; only then is the previous data set aside, never deleted, and the copy moved into place,
 * the database last. After a kill before that, the previous data is unchanged; after a kill later, Espejo does not
 * start on the folder until the restore is run again. Throws BackupFault, also while Espejo runs.
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
  await requireSpace(dataDir, manifest);
  const copying = join(dataDir, COPY_FOLDER);
  const copy = join(dataDir, RESTORE_FOLDER);
  // What an earlier restore left is a copy of a backup, and never the only one.
  await rm(copying, { recursive: true, force: true });
  const requeuedCount = await copyWhole(folder, copying, manifest, now);
  await rm(copy, { recursive: true, force: true });
  // From here on the data folder is a mix of both: nothing starts on it until this has ended.
  await rename(copying, copy);
  syncFolder(dataDir);
  const setAside = await setAsideExistingData(dataDir, 'before-restore', now, { hasCaches: false });
  await moveInPlace(copy, dataDir);
  return { manifest, requeuedCount, setAside };
}

/** Copies a backup completely, or leaves nothing of it: until then the data folder is unchanged, and can be started. */
async function copyWhole(folder: string, copy: string, manifest: Manifest, now: Date): Promise<number> {
  try {
    await mkdir(copy, { mode: 0o700 });
    for (const file of manifest.files) await copyChecked(folder, copy, file);
    return await requeueMissing(copy, now);
  } catch (cause) {
    await rm(copy, { recursive: true, force: true });
    throw cause;
  }
}

function checkDatabase(path: string, manifest: Manifest): void {
  if (manifest.migrationCount > knownMigrationCount())
    throw new BackupFault('The backup was made by a newer version of Espejo. Restore it with that version.');
  const report = inspectDatabase(path);
  const isSame = Object.entries(manifest.counts).every(([table, count]) => report.counts[table] === count);
  if (!report.isIntact || !isSame) throw new BackupFault('The backup is damaged: its database is not intact.');
}

async function requireSpace(dataDir: string, { files }: Manifest): Promise<void> {
  const neededBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const free = await freeBytes(dataDir);
  if (neededBytes <= free) return;
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MB`;
  throw new BackupFault(
    `The backup needs ${megabytes(neededBytes)} in addition to the data in ${dataDir}, and ${megabytes(free)} are free. Free some space, then restore.`,
  );
}

/** Copies one file of a backup, readable by its owner only, and verifies the copy against the manifest. */
async function copyChecked(folder: string, copy: string, file: Manifest['files'][number]): Promise<void> {
  const to = join(copy, file.path);
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await copyFile(join(folder, file.path), to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  await chmod(to, 0o600);
  if ((await sha256Of(to)) !== file.sha256)
    throw new BackupFault(`${file.path} changed while it was copied. Nothing was replaced; restore again.`);
  const handle = await open(to, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The database last: without it, nothing starts on the folder. */
async function moveInPlace(copy: string, dataDir: string): Promise<void> {
  const rank = (name: string) => Number(name.startsWith('espejo.db'));
  const names = (await readdir(copy)).sort((a, b) => rank(a) - rank(b));
  for (const name of names) await rename(join(copy, name), join(dataDir, name));
  syncFolder(dataDir);
  await rmdir(copy);
  syncFolder(dataDir);
}
