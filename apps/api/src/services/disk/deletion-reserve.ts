import { closeSync, fsyncSync, openSync, renameSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isDiskFull } from '@espejo/core';

/** The file in the data folder that reserves space for deletions. Its content has no meaning. */
const DELETION_RESERVE_FILE = 'deletion-reserve';
const RESERVE_BYTES = 16 * 2 ** 20;
/** With less than this free, the next transaction might not fit. */
const RELEASE_BELOW_BYTES = 24 * 2 ** 20;
/** With more than this free, the space is reserved again. */
const KEEP_ABOVE_BYTES = 128 * 2 ** 20;
const PIECE = Buffer.alloc(2 ** 20);

/**
 * Space reserved so that deleting works on a full disk: a file of zeros, removed as soon as so little is free that a
 * transaction might fail. Writes that add data are rejected long before; the rest is for sessions and deletions.
 */
export interface DeletionReserve {
  /**
   * Releases the space when the disk is nearly full. Called before every write transaction, so it costs microseconds.
   */
  releaseIfLow(): void;
  /** Reserves the space, when it is not reserved and there is plenty. */
  keepIfRoom(): void;
}

export function openDeletionReserve(
  folder: string,
  { freeBytes = freeBytesOf }: { readonly freeBytes?: (folder: string) => number } = {},
): DeletionReserve {
  const path = join(folder, DELETION_RESERVE_FILE);
  let isKept = sizeOf(path) === RESERVE_BYTES;

  function keepIfRoom(): void {
    if (isKept || freeBytes(folder) < KEEP_ABOVE_BYTES) return;
    const temp = `${path}.tmp`;
    try {
      writeZeros(temp);
      renameSync(temp, path);
      isKept = true;
    } catch (cause) {
      rmSync(temp, { force: true });
      if (!isDiskFull(cause)) throw cause;
    }
  }

  function releaseIfLow(): void {
    if (!isKept || freeBytes(folder) >= RELEASE_BELOW_BYTES) return;
    isKept = false;
    rmSync(path, { force: true });
  }

  keepIfRoom();
  return { releaseIfLow, keepIfRoom };
}

/**
 * Releases the space before a start on a full disk: SQLite writes even to open a database. Returns the free bytes after
 * that. Does nothing in a folder that cannot be written.
 */
export function releaseReserveForStart(
  folder: string,
  { freeBytes = freeBytesOf }: { readonly freeBytes?: (folder: string) => number } = {},
): number {
  if (freeBytes(folder) < RELEASE_BELOW_BYTES) {
    try {
      rmSync(join(folder, DELETION_RESERVE_FILE), { force: true });
    } catch {
      // Read-only: the check of the data folder reports it.
    }
  }
  return freeBytes(folder);
}

function writeZeros(path: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    for (let at = 0; at < RESERVE_BYTES; at += PIECE.length) writeSync(file, PIECE);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** A folder that cannot be measured does not count as full. */
function freeBytesOf(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
