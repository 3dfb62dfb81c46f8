import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDeletionReserve, releaseReserveForStart } from './deletion-reserve.ts';

const MB = 2 ** 20;

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'espejo-reserve-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('the disk space reserved for deletions', () => {
  it('is released when the disk is nearly full, and reserved again when there is plenty', () => {
    const folder = folderOf();
    const path = join(folder, 'deletion-reserve');
    let free = 2 ** 40;
    const reserve = openDeletionReserve(folder, { freeBytes: () => free });
    expect(statSync(path).size).toBe(16 * MB);
    // A sparse file could not be relied on: every block of it is allocated.
    expect(statSync(path).blocks * 512).toBeGreaterThanOrEqual(16 * MB);
    free = 25 * MB;
    reserve.releaseIfLow();
    expect(existsSync(path)).toBe(true);
    free = 23 * MB;
    reserve.releaseIfLow();
    expect(existsSync(path)).toBe(false);
    free = 100 * MB;
    reserve.keepIfRoom();
    expect(existsSync(path)).toBe(false);
    free = 128 * MB;
    reserve.keepIfRoom();
    expect(statSync(path).size).toBe(16 * MB);
  });

  it('is released at a start on a full disk, before the database is opened', () => {
    const folder = folderOf();
    openDeletionReserve(folder, { freeBytes: () => 2 ** 40 });
    expect(releaseReserveForStart(folder, { freeBytes: () => 25 * MB })).toBe(25 * MB);
    expect(existsSync(join(folder, 'deletion-reserve'))).toBe(true);
    releaseReserveForStart(folder, { freeBytes: () => 0 });
    expect(existsSync(join(folder, 'deletion-reserve'))).toBe(false);
  });

  it('is written in full when the file is shorter', () => {
    const folder = folderOf();
    const path = join(folder, 'deletion-reserve');
    writeFileSync(path, Buffer.alloc(3 * MB));
    openDeletionReserve(folder, { freeBytes: () => 2 ** 40 });
    expect(statSync(path).size).toBe(16 * MB);
  });
});
