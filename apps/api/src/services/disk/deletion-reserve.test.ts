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

describe('the space set aside for deletions', () => {
  it('is given up when the disk is nearly full, and set aside again when there is plenty', () => {
    const folder = folderOf();
    const path = join(folder, 'deletion-reserve');
    let free = 2 ** 40;
    const reserve = openDeletionReserve(folder, { freeBytes: () => free });
    expect(statSync(path).size).toBe(16 * MB);
    // Space that is only promised could be gone when it is needed: every block of it is there.
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

  it('is given up at a start on a full disk, before the database is opened', () => {
    const folder = folderOf();
    openDeletionReserve(folder, { freeBytes: () => 2 ** 40 });
    expect(releaseReserveForStart(folder, { freeBytes: () => 25 * MB })).toBe(25 * MB);
    expect(existsSync(join(folder, 'deletion-reserve'))).toBe(true);
    releaseReserveForStart(folder, { freeBytes: () => 0 });
    expect(existsSync(join(folder, 'deletion-reserve'))).toBe(false);
  });

  it('is written whole when the file there is shorter', () => {
    const folder = folderOf();
    const path = join(folder, 'deletion-reserve');
    writeFileSync(path, Buffer.alloc(3 * MB));
    openDeletionReserve(folder, { freeBytes: () => 2 ** 40 });
    expect(statSync(path).size).toBe(16 * MB);
  });
});
