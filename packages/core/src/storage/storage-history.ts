import { utcDayOf } from '../quotas/utc-day.ts';

/** What one project had in its vector stores at an instant. */
export interface StorageSnapshot {
  readonly connectionId: string;
  readonly takenAtMs: number;
  readonly usageBytes: number;
}

/** All projects together at the last snapshot of a day. */
export interface StorageDay {
  readonly atMs: number;
  readonly usageBytes: number;
  readonly usdPerMonth: number;
}

/**
 * The sums of all projects, one for each day (UTC) with a snapshot, oldest first. A project counts with its newest
 * snapshot up to then; before its first it counts nothing. The free allowance is a project's, so its cost is its own.
 */
export function sumByDay(snapshots: readonly StorageSnapshot[], costUsd: (usageBytes: number) => number): StorageDay[] {
  const inOrder = snapshots.toSorted((a, b) => a.takenAtMs - b.takenAtMs);
  const newest = new Map<string, number>();
  const byDay = new Map<number, StorageDay>();
  for (const { connectionId, takenAtMs, usageBytes } of inOrder) {
    newest.set(connectionId, usageBytes);
    let sumBytes = 0;
    let usdPerMonth = 0;
    for (const bytes of newest.values()) {
      sumBytes += bytes;
      usdPerMonth += costUsd(bytes);
    }
    byDay.set(utcDayOf(takenAtMs), { atMs: takenAtMs, usageBytes: sumBytes, usdPerMonth });
  }
  return [...byDay.values()];
}
