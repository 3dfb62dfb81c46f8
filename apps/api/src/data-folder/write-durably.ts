import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a small file atomically and durably, readable by its owner only. An existing file is replaced. */
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

/** As `writeDurably`, for a new file. False: it exists, and is left unchanged. */
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

/** A rename is durable once its folder is synced. Windows cannot open folders, and does not need it. */
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
