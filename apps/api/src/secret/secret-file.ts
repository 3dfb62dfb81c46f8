import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createDurably, syncFolder } from '../data-folder/write-durably.ts';

/** The generated secret in the data folder, and the one that is to take its place. */
export interface SecretFile {
  current(): string | null;
  next(): string | null;
  /** Makes the current one where there is none; on the disk before this returns, readable by its owner alone. */
  create(secret: string): void;
  /** On the disk before this returns, readable by its owner alone. */
  writeNext(secret: string): void;
  /** The next one takes the place of the current one in one step. */
  promote(): void;
  dropNext(): void;
}

export function openSecretFile(dataDir: string): SecretFile {
  const currentPath = join(dataDir, 'secret');
  const nextPath = join(dataDir, 'secret.next');
  const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8').trim() || null : null);
  return {
    current: () => read(currentPath),
    next: () => read(nextPath),
    create(secret) {
      createDurably(currentPath, `${secret}\n`);
    },
    writeNext(secret) {
      rmSync(nextPath, { force: true });
      createDurably(nextPath, `${secret}\n`);
    },
    promote() {
      try {
        renameSync(nextPath, currentPath);
      } catch (cause) {
        // Another process that starts at this moment was quicker.
        if (existsSync(nextPath)) throw cause;
      }
      syncFolder(dataDir);
    },
    dropNext: () => rmSync(nextPath, { force: true }),
  };
}
