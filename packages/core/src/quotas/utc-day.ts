const DAY_MS = 86_400_000;

/** The day of an instant, counted from 1 January 1970, UTC: daily quotas are counted by it. */
export function utcDayOf(nowMs: number): number {
  return Math.floor(nowMs / DAY_MS);
}

/** When a day ends and its quotas reset. */
export function endOfUtcDayMs(day: number): number {
  return (day + 1) * DAY_MS;
}
