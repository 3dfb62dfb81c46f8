import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { IndexError } from '../index-error.ts';

const STORE_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/** Refuses every id that could be a path, or a name that a file system reads differently. */
export function checkStoreId(storeId: string): void {
  if (!STORE_ID.test(storeId)) {
    throw new IndexError('invalid_store_id', 'A store id has letters, digits, _ and - only, 128 at most.');
  }
}

/** The one file that is the store. */
export function databasePath(folder: string, storeId: string): string {
  return join(folder, `${storeId}.db`);
}

/** A graph is named by the row it ends before: a new one never takes the name of one that somebody still reads. */
export function graphPath(folder: string, storeId: string, endId: number): string {
  return join(folder, `${storeId}.${endId}.graph`);
}

/** Graphs of a store, the newest first. They can be made again from the database at any time. */
export function listGraphs(folder: string, storeId: string): { path: string; endId: number }[] {
  const graphs: { path: string; endId: number }[] = [];
  for (const name of readdirSync(folder)) {
    const endId = name.startsWith(`${storeId}.`)
      ? /^(\d+)\.graph$/.exec(name.slice(storeId.length + 1))?.[1]
      : undefined;
    if (endId !== undefined) graphs.push({ path: join(folder, name), endId: Number(endId) });
  }
  return graphs.sort((a, b) => b.endId - a.endId);
}

/** Everything on disk of a store; graphs, then the database, so that none outlives the rows it was made from. */
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
  const graphs = readdirSync(folder)
    .filter((name) => name.startsWith(`${storeId}.`) && /^\d+\.graph(\.tmp)?$/.test(name.slice(storeId.length + 1)))
    .map((name) => join(folder, name));
  return [database, `${database}-shm`, `${database}-wal`, ...graphs];
}
