import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createDurably, syncFolder } from '../data-folder/write-durably.ts';

/** The generated secret in the data folder, and the one that will replace it. */
export interface SecretFile {
  current(): string | null;
  next(): string | null;
  /** Creates the present one if there is none; durable when this returns, readable by its owner only. */
  create(secret: string): void;
  /** Durable when this returns, readable by its owner only. */
  writeNext(secret: string): void;
  /** The next one replaces the present one atomically. */
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
