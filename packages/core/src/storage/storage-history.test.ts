import { describe, expect, it } from 'vitest';
import { type StorageSnapshot, sumByDay } from './storage-history.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 0, 1);
const at = (connectionId: string, hours: number, usageBytes: number): StorageSnapshot => ({
  connectionId,
  takenAtMs: START_MS + hours * HOUR_MS,
  usageBytes,
});
/** One byte is free. */
const costUsd = (bytes: number) => Math.max(0, bytes - 1);

describe('the sums by day', () => {
  it('are those of the last snapshot of each day, whatever the order they are read in', () => {
    const all = [at('a', 30, 9), at('a', 1, 5), at('a', 20, 7)];
    expect(sumByDay(all, costUsd)).toEqual([
      { atMs: START_MS + 20 * HOUR_MS, usageBytes: 7, usdPerMonth: 6 },
      { atMs: START_MS + 30 * HOUR_MS, usageBytes: 9, usdPerMonth: 8 },
    ]);
  });

  it('count each project with its newest snapshot and its own free allowance', () => {
    const all = [at('a', 1, 5), at('b', 2, 10), at('b', 50, 20)];
    expect(sumByDay(all, costUsd).map(({ usageBytes, usdPerMonth }) => [usageBytes, usdPerMonth])).toEqual([
      [15, 13],
      [25, 23],
    ]);
  });

  it('are none without a snapshot', () => {
    expect(sumByDay([], costUsd)).toEqual([]);
  });
});
