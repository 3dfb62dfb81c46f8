import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { IndexError } from '../index-error.ts';
import { checkStoreId, databasePath, listGraphs } from './store-files.ts';

/** The result for the stores in the folder itself. */
export interface MovedStores {
  readonly movedCount: number;
  /** Stores without a known owner, and those that are in their owner's folder as well. They stay where they are. */
  readonly keptIds: readonly string[];
}

/**
 * Moves every store in the folder itself into the folder of its owner: `<id>.db` to `<owner>/<id>.db`. Each is one
 * rename of a database that is complete without its log, so after a kill it is complete under one name or the other,
 * and the next call continues. Throws when another process has one of them open. The folder must not be used meanwhile.
 */
export async function moveStores(
  folder: string,
  ownersOf: (storeIds: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): Promise<MovedStores> {
  const keptIds: string[] = [];
  let movedCount = 0;
  const storeIds = idsIn(folder);
  const owners = storeIds.length === 0 ? new Map<string, string>() : await ownersOf(storeIds);
  for (const storeId of storeIds) {
    const owner = owners.get(storeId);
    const to = owner === undefined ? undefined : `${owner}/${storeId}`;
    if (to === undefined || existsSync(databasePath(folder, to))) {
      keptIds.push(storeId);
      continue;
    }
    checkStoreId(to);
    mkdirSync(dirname(databasePath(folder, to)), { recursive: true });
    // Graphs first: a graph without its database is only unused, but one left behind in the old folder would never be
    // removed.
    for (const { path } of listGraphs(folder, storeId)) {
      renameSync(path, join(dirname(databasePath(folder, to)), basename(path)));
    }
    const path = databasePath(folder, storeId);
    // A damaged one is moved unchanged, so that it is found damaged, and not missing.
    const parts = settle(path) ? [''] : ['-wal', '-shm', ''];
    for (const part of parts) if (existsSync(path + part)) renameSync(path + part, databasePath(folder, to) + part);
    movedCount += 1;
  }
  return { movedCount, keptIds };
}

function idsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.db'))
    .map((entry) => entry.name.slice(0, -'.db'.length))
    .filter((id) => /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(id));
}

/** Writes the log into the database and removes it; false: it is damaged. */
function settle(path: string): boolean {
  const database = new Sqlite(path);
  try {
    database.pragma('wal_checkpoint(TRUNCATE)');
  } catch (cause) {
    if (cause instanceof Sqlite.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(cause.code)) return false;
    throw cause;
  } finally {
    database.close();
  }
  if (existsSync(`${path}-wal`)) {
    throw new IndexError('busy', `Another process has ${path} open. Stop it, then start again.`);
  }
  return true;
}
