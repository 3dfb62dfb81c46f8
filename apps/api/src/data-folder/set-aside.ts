import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from './write-durably.ts';

/** All data of an installation except logs and what can be rebuilt. */
const KEPT = [
  'espejo.db',
  'espejo.db-wal',
  'espejo.db-shm',
  'installation.json',
  'stores',
  'blobs',
  'secret',
  'secret.next',
] as const;
const CACHES = ['derived', 'embeddings.db', 'embeddings.db-wal', 'embeddings.db-shm'] as const;

/** A part of the data folder that cannot be moved. */
export class SetAsideFault extends Error {}

/**
 * Moves the content of a data folder into a new folder in it and deletes nothing. Returns that folder; null: there was
 * nothing. The database is moved first: after an interruption, the rest without it cannot be started.
 */
export async function setAsideExistingData(
  dataDir: string,
  prefix: string,
  now: Date,
  { hasCaches }: { readonly hasCaches: boolean },
): Promise<string | null> {
  const there = [...KEPT, ...(hasCaches ? CACHES : [])].filter((name) => existsSync(join(dataDir, name)));
  if (there.length === 0) return null;
  const aside = join(dataDir, `${prefix}-${now.toISOString().replaceAll(/[:.]/g, '-')}`);
  await mkdir(aside, { mode: 0o700 });
  for (const name of there) {
    await rename(join(dataDir, name), join(aside, name)).catch((cause: unknown) => {
      const code = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
      if (code !== 'EBUSY' && code !== 'EXDEV') throw cause;
      throw new SetAsideFault(
        `${name} in ${dataDir} is a volume of its own and cannot be moved. Mount another one in its place, then run this again; what was moved already is in ${aside}.`,
        { cause },
      );
    });
  }
  syncFolder(aside);
  syncFolder(dataDir);
  return aside;
}
