import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

export const MANIFEST_NAME = 'manifest.json';
/** Grows when a backup comes to be laid out differently. */
export const BACKUP_FORMAT = 1;

/** Whatever is wrong with a backup, in a sentence for whoever restores it. */
export class BackupFault extends Error {}

/** What a backup holds. It is written last: a folder without it is no backup. */
export const Manifest = z.object({
  format: z.int(),
  version: z.string(),
  createdAt: z.string(),
  migrationCount: z.int(),
  /** Rows of the control database, by table. */
  counts: z.record(z.string(), z.int()),
  hasSecret: z.boolean(),
  files: z.array(z.object({ path: z.string(), sizeBytes: z.int(), sha256: z.string() })),
});
export type Manifest = z.infer<typeof Manifest>;

/** Reads the manifest of a backup and holds every file against it. Throws BackupFault with the first thing that is wrong. */
export async function checkBackup(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  for (const file of manifest.files) {
    const path = join(folder, file.path);
    const sizeBytes = (await stat(path).catch(() => undefined))?.size;
    if (sizeBytes === undefined) throw new BackupFault(`The backup is damaged: ${file.path} is missing.`);
    if (sizeBytes !== file.sizeBytes || (await sha256Of(path)) !== file.sha256)
      throw new BackupFault(`The backup is damaged: ${file.path} is not what was backed up.`);
  }
  return manifest;
}

async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST_NAME), 'utf8').catch(() => {
    throw new BackupFault(`There is no whole backup in ${folder}: it has no ${MANIFEST_NAME}.`);
  });
  try {
    const manifest = Manifest.parse(JSON.parse(text));
    if (manifest.format <= BACKUP_FORMAT) return manifest;
  } catch (cause) {
    throw new BackupFault(`The backup is damaged: its ${MANIFEST_NAME} cannot be read.`, { cause });
  }
  throw new BackupFault('The backup was made by a newer version of Espejo. Restore it with that version.');
}

/** Of a file of any size, in bounded memory. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
