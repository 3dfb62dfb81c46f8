import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The generated secret in the data folder, and the one that is to take its place. */
export interface SecretFile {
  current(): string | null;
  next(): string | null;
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
    writeNext(secret) {
      const file = openSync(nextPath, 'w', 0o600);
      try {
        writeSync(file, `${secret}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      syncFolder(dataDir);
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

/** A name that was changed is on the disk when its folder is. Windows does not open folders, and needs no such thing. */
function syncFolder(path: string): void {
  let folder: number;
  try {
    folder = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
