import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { IndexError } from '../index-error.ts';

const STORE_ID = /^([A-Za-z0-9][A-Za-z0-9_-]{0,127}\/)?[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/**
 * Rejects every id that could be another path, or a name that a file system reads differently. A store may be in a
 * folder of its owner, which is named before a slash.
 */
export function checkStoreId(storeId: string): void {
  if (!STORE_ID.test(storeId)) {
    throw new IndexError(
      'invalid_store_id',
      'A store id has letters, digits, _ and - only, 128 at most; one folder may precede it.',
    );
  }
}

/** The one file that is the store. */
export function databasePath(folder: string, storeId: string): string {
  return join(folder, `${storeId}.db`);
}

/** A graph is named by the id it ends before, so a new one never has the name of one that is still in use. */
export function graphPath(folder: string, storeId: string, endId: number): string {
  return join(folder, `${storeId}.${endId}.graph`);
}

/** Graphs of a store, the newest first. They can be built again from the database at any time. */
export function listGraphs(folder: string, storeId: string): { path: string; endId: number }[] {
  const graphs: { path: string; endId: number }[] = [];
  for (const { path, rest } of besides(folder, storeId)) {
    const endId = /^(\d+)\.graph$/.exec(rest)?.[1];
    if (endId !== undefined) graphs.push({ path, endId: Number(endId) });
  }
  return graphs.sort((a, b) => b.endId - a.endId);
}

/** Removes all files of a store; graphs first, so that none outlives the rows it was built from. */
export function removeStoreFiles(folder: string, storeId: string): void {
  for (const path of filesOf(folder, storeId).reverse()) rmSync(path, { force: true });
}

export function diskBytesOf(folder: string, storeId: string): number {
  return filesOf(folder, storeId).reduce(
    (sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

function filesOf(folder: string, storeId: string): string[] {
  const database = databasePath(folder, storeId);
  const graphs = besides(folder, storeId).filter(({ rest }) => /^\d+\.graph(\.tmp)?$/.test(rest));
  return [database, `${database}-shm`, `${database}-wal`, ...graphs.map(({ path }) => path)];
}

/** Files beside a store's database under its name, with the rest of that name. */
function besides(folder: string, storeId: string): { path: string; rest: string }[] {
  const home = dirname(databasePath(folder, storeId));
  const start = `${basename(storeId)}.`;
  return namesIn(home)
    .filter((name) => name.startsWith(start))
    .map((name) => ({ path: join(home, name), rest: name.slice(start.length) }));
}

/** Empty for a missing folder, which is created with its first store. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if (cause instanceof Error && Reflect.get(cause, 'code') === 'ENOENT') return [];
    throw cause;
  }
}
