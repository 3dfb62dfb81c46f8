import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { copyDatabase, inspectDatabase, listContent } from '@espejo/db';
import { writeDurably } from '../data-folder/write-durably.ts';
import { openSecretFile } from '../secret/secret-file.ts';
import { BACKUP_FORMAT, BackupFault, MANIFEST_NAME, type Manifest, sha256Of } from './manifest.ts';

/**
 * Backs the data folder up into an empty one, while Espejo runs or not: the control database at one moment, then the
 * index file of each store and the bytes of each file, the secret, and last the manifest with counts and hashes.
 */
export async function makeBackup(input: {
  readonly dataDir: string;
  readonly folder: string;
  readonly version: string;
  readonly createdAt: Date;
}): Promise<Manifest> {
  const { dataDir, folder, version, createdAt } = input;
  await requireEmpty(folder);
  const before = secretOf(dataDir);
  const database = join(folder, 'espejo.db');
  await copyDatabase(join(dataDir, 'espejo.db'), database).catch((cause: unknown) => {
    throw new BackupFault(`There is no database of Espejo in ${dataDir}.`, { cause });
  });
  const report = inspectDatabase(database);
  if (!report.isIntact) throw new BackupFault('The database is damaged; it was not backed up.');
  const paths = [
    database,
    ...(await copyStores(dataDir, folder)),
    ...(await copyContents(dataDir, folder, listContent(database).contents)),
  ];
  const secret = await copyIfThere(join(dataDir, 'secret'), join(folder, 'secret'));
  if (secretOf(dataDir) !== before) throw new BackupFault('The secret was rotated meanwhile. Make the backup again.');
  const files: Manifest['files'] = [];
  for (const path of secret === undefined ? paths : [...paths, secret]) {
    // Whatever modes the folder and the originals have, only its owner may read a copy.
    await chmod(path, 0o600);
    files.push({
      path: relative(folder, path).split(sep).join('/'),
      sizeBytes: (await stat(path)).size,
      sha256: await sha256Of(path),
    });
  }
  const manifest: Manifest = {
    format: BACKUP_FORMAT,
    version,
    createdAt: createdAt.toISOString(),
    migrationCount: report.migrationCount,
    counts: report.counts,
    hasSecret: secret !== undefined,
    files,
  };
  writeDurably(join(folder, MANIFEST_NAME), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** The secret beside the database, if it decrypts the database's keys. */
function secretOf(dataDir: string): string | null {
  const file = openSecretFile(dataDir);
  if (file.next() === null) return file.current();
  throw new BackupFault(
    'A rotation of the secret is in progress, or was interrupted. Start Espejo once, then back up.',
  );
}

async function requireEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0)
    throw new BackupFault(`${folder} is not empty. Back up into a new folder: an older backup is never overwritten.`);
}

async function copyStores(dataDir: string, folder: string): Promise<string[]> {
  const stores = join(dataDir, 'stores');
  const names = (await readdir(stores, { recursive: true }).catch(() => [])).filter((name) => name.endsWith('.db'));
  await mkdir(join(folder, 'stores'), { mode: 0o700 });
  const copied: string[] = [];
  for (const name of names.sort()) {
    const to = join(folder, 'stores', name);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    // A store that is deleted right now is missing in the next backup too.
    if (await copyDatabase(join(stores, name), to).then(() => true, isGone)) copied.push(to);
  }
  return copied;
}

/** Content never changes under its name, so it is copied as it is. Content removed meanwhile is left out. */
async function copyContents(dataDir: string, folder: string, contents: readonly string[]): Promise<string[]> {
  const copied: string[] = [];
  for (const sha256 of contents) {
    const path = join('blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256);
    const to = await copyIfThere(join(dataDir, path), join(folder, path));
    if (to !== undefined) copied.push(to);
  }
  return copied;
}

async function copyIfThere(from: string, to: string): Promise<string | undefined> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  return copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL).then(() => to, isGone);
}

function isGone(cause: unknown): undefined {
  const code = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
  if (code === 'ENOENT' || code === 'SQLITE_CANTOPEN') return undefined;
  throw cause;
}
