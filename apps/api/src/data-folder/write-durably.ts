import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a small file so that it is there whole or not at all, on the disk when this returns, and readable by its owner alone. What
 * is there already is replaced.
 */
export function writeDurably(path: string, text: string): void {
  const temp = writeTemp(path, text);
  try {
    renameSync(temp, path);
  } catch (cause) {
    rmSync(temp, { force: true });
    throw cause;
  }
  syncFolder(dirname(path));
}

/** As `writeDurably`, where nothing is there yet. False: something is, and it stays. */
export function createDurably(path: string, text: string): boolean {
  const temp = writeTemp(path, text);
  try {
    linkSync(temp, path);
  } catch (cause) {
    if (cause instanceof Error && Reflect.get(cause, 'code') === 'EEXIST') return false;
    throw cause;
  } finally {
    rmSync(temp, { force: true });
  }
  syncFolder(dirname(path));
  return true;
}

function writeTemp(path: string, text: string): string {
  const temp = `${path}.${process.pid}.tmp`;
  const file = openSync(temp, 'w', 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } catch (cause) {
    rmSync(temp, { force: true });
    throw cause;
  } finally {
    closeSync(file);
  }
  return temp;
}

/** A name that was changed is on the disk when its folder is. Windows does not open folders, and needs no such thing. */
export function syncFolder(path: string): void {
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
