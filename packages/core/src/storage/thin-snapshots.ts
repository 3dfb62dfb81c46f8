import { utcDayOf } from '../quotas/utc-day.ts';

const DAY_MS = 86_400_000;
/** Every snapshot is kept for this long. */
const ALL_MS = 2 * DAY_MS;
/** After that one of a day, and after this one of a week. */
const DAILY_MS = 90 * DAY_MS;
/** 1 January 1970 was a Thursday: days are shifted so that weeks begin on Monday. */
const MONDAY_SHIFT = 3;

/**
 * Which of the snapshots taken at these instants are no longer needed: all of the last 2 days stay, then the last of
 * each day (UTC) for 90 days, then the last of each week. A snapshot from the future stays.
 */
export function snapshotsToRemove(takenAtMs: readonly number[], nowMs: number): number[] {
  const lastOf = new Map<string, number>();
  for (const atMs of takenAtMs) {
    const group = groupOf(atMs, nowMs);
    lastOf.set(group, Math.max(atMs, lastOf.get(group) ?? Number.NEGATIVE_INFINITY));
  }
  return takenAtMs.filter((atMs) => lastOf.get(groupOf(atMs, nowMs)) !== atMs);
}

/** Snapshots of one group are represented by the last of them. */
function groupOf(atMs: number, nowMs: number): string {
  const ageMs = nowMs - atMs;
  if (ageMs <= ALL_MS) return `at ${atMs}`;
  const day = utcDayOf(atMs);
  return ageMs <= DAILY_MS ? `day ${day}` : `week ${Math.floor((day + MONDAY_SHIFT) / 7)}`;
}
