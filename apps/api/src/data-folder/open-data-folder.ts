import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { judgeStart, type StartVerdict } from '@espejo/core';
import type { Log } from '../ports.ts';
import { releaseReserveForStart } from '../services/disk/deletion-reserve.ts';
import { inspectDataFolder } from './inspect-data-folder.ts';
import { MARK_NAME } from './marks.ts';
import { StartFault } from './start-fault.ts';

/** With less than this, SQLite cannot even open a database. */
const FREE_BYTES_MIN = 2 ** 20;

/** Files that only the owner may read. */
const PRIVATE_NAMES = ['secret', 'secret.next', 'espejo.db', 'espejo.db-wal', 'espejo.db-shm', MARK_NAME] as const;

/**
 * Inspects the data folder and throws StartFault, with nothing written, where a start could lose data. Otherwise the
 * folder exists and only its owner may read its private files; returns warnings.
 */
export function openDataFolder(
  { dataDir, secret }: { readonly dataDir: string; readonly secret: string | null },
  log: Log,
): { readonly warnings: readonly string[] } {
  // SQLite reports a full disk as a damaged database.
  if (releaseReserveForStart(dataDir) < FREE_BYTES_MIN) {
    throw new StartFault(`The disk of ${dataDir} is full. Free 20 MB or more on it, then start again.`);
  }
  const judge = (): StartVerdict => judgeStart(inspectDataFolder(dataDir, secret));
  let result = judge();
  // Another process may have been creating this installation meanwhile: a second inspection finds what was missing.
  if (result.kind === 'refuse') result = judge();
  if (result.kind === 'refuse') throw new StartFault(result.message);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (process.platform !== 'win32') closeToOthers(dataDir, log);
  for (const warning of result.warnings) log.warn({}, warning);
  return { warnings: result.warnings };
}

function closeToOthers(dataDir: string, log: Log): void {
  for (const name of PRIVATE_NAMES) {
    const path = join(dataDir, name);
    const mode = statSync(path, { throwIfNoEntry: false })?.mode;
    if (mode === undefined || (mode & 0o077) === 0) continue;
    try {
      chmodSync(path, mode & 0o700);
      log.warn({ file: name }, 'a file that others could read is readable by its owner only again');
    } catch (cause) {
      log.warn({ err: cause, file: name }, 'others can read a file of the data folder, and its mode cannot be changed');
    }
  }
}
