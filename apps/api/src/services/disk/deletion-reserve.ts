import { closeSync, fsyncSync, openSync, renameSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isDiskFull } from '@espejo/core';

/** The file in the data folder that holds space for deletions. It has no content of interest. */
const DELETION_RESERVE_FILE = 'deletion-reserve';
const RESERVE_BYTES = 16 * 2 ** 20;
/** With less than this free, the next transaction might not fit any more. */
const RELEASE_BELOW_BYTES = 24 * 2 ** 20;
/** With more than this free, the space is set aside again. */
const KEEP_ABOVE_BYTES = 128 * 2 ** 20;
const PIECE = Buffer.alloc(2 ** 20);

/**
 * Space set aside so that deleting works on a full disk: a file of zeros, removed as soon as so little is free that a
 * transaction might fail. What adds data is refused long before; what is left then is for sessions and deletions.
 */
export interface DeletionReserve {
  /** Gives the space up when the disk is nearly full. Called before every write transaction, so it costs microseconds. */
  releaseIfLow(): void;
  /** Sets the space aside, when it is not there and there is plenty. */
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
 * Gives the space up before a start on a full disk: SQLite writes even to look at a database. Answers the bytes that are free
 * then. A folder that cannot be changed keeps what it has.
 */
export function releaseReserveForStart(
  folder: string,
  { freeBytes = freeBytesOf }: { readonly freeBytes?: (folder: string) => number } = {},
): number {
  if (freeBytes(folder) < RELEASE_BELOW_BYTES) {
    try {
      rmSync(join(folder, DELETION_RESERVE_FILE), { force: true });
    } catch {
      // Read-only: whoever looks at the folder next says so.
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

/** A folder that cannot be measured is not taken for a full one. */
function freeBytesOf(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
