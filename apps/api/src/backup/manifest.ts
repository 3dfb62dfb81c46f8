import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

export const MANIFEST_NAME = 'manifest.json';
/** Incremented when the layout of a backup changes. */
export const BACKUP_FORMAT = 1;

/** A damaged or unusable backup; the message says why. */
export class BackupFault extends Error {}

/** The content of a backup. It is written last: a folder without it is no backup. */
export const Manifest = z.object({
  format: z.int(),
  version: z.string(),
  createdAt: z.string(),
  migrationCount: z.int(),
  /** Rows of the control database, by table. */
  counts: z.record(z.string(), z.int()),
  hasSecret: z.boolean(),
  files: z.array(z.object({ path: z.string(), sizeBytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
});
export type Manifest = z.infer<typeof Manifest>;

/** Reads the manifest of a backup and verifies every file. Throws BackupFault with the first error. */
export async function checkBackup(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  requireNamesOfBackup(manifest);
  for (const file of manifest.files) {
    const path = join(folder, file.path);
    const sizeBytes = await sizeOfFile(folder, file.path);
    if (sizeBytes === undefined) throw new BackupFault(`The backup is damaged: ${file.path} is missing.`);
    if (sizeBytes !== file.sizeBytes || (await sha256Of(path)) !== file.sha256)
      throw new BackupFault(`The backup is damaged: ${file.path} has changed since the backup.`);
  }
  return manifest;
}

const STORE_INDEX = /^stores\/(?:[A-Za-z0-9][A-Za-z0-9_.%~-]{0,191}\/)?[A-Za-z0-9][A-Za-z0-9_-]{0,127}\.db$/;
const CONTENT = /^blobs\/([0-9a-f]{2})\/([0-9a-f]{2})\/\1\2[0-9a-f]{60}$/;

/**
 * Only names that a backup writes are accepted: nothing is written outside the data folder, whatever the manifest says.
 */
function isNameOfBackup({ path, sha256 }: Manifest['files'][number]): boolean {
  if (path === 'espejo.db' || path === 'secret' || STORE_INDEX.test(path)) return true;
  return CONTENT.test(path) && basename(path) === sha256;
}

/** Undefined: it does not exist, is no file, or it or a folder above it is a link. */
async function sizeOfFile(folder: string, path: string): Promise<number | undefined> {
  let at = folder;
  const parts = path.split('/');
  for (const [i, part] of parts.entries()) {
    at = join(at, part);
    const found = await lstat(at).catch(() => undefined);
    if (found === undefined || found.isSymbolicLink()) return undefined;
    if (i === parts.length - 1) return found.isFile() ? found.size : undefined;
    if (!found.isDirectory()) return undefined;
  }
  return undefined;
}

function requireNamesOfBackup({ files }: Manifest): void {
  const unexpected = files.find((file) => !isNameOfBackup(file));
  if (unexpected !== undefined)
    throw new BackupFault(
      `The backup is damaged: its manifest names ${JSON.stringify(unexpected.path)}, which no backup contains.`,
    );
  if (new Set(files.map(({ path }) => path)).size !== files.length || !files.some(({ path }) => path === 'espejo.db'))
    throw new BackupFault('The backup is damaged: its manifest names a file twice, or no database.');
}

async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST_NAME), 'utf8').catch(() => {
    throw new BackupFault(`There is no complete backup in ${folder}: it has no ${MANIFEST_NAME}.`);
  });
  try {
    const manifest = Manifest.parse(JSON.parse(text));
    if (manifest.format <= BACKUP_FORMAT) return manifest;
  } catch (cause) {
    throw new BackupFault(`The backup is damaged: its ${MANIFEST_NAME} cannot be read.`, { cause });
  }
  throw new BackupFault('The backup was made by a newer version of Espejo. Restore it with that version.');
}

/** For a file of any size, in bounded memory. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
