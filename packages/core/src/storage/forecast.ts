import { utcDayOf } from '../quotas/utc-day.ts';

const DAY_MS = 86_400_000;
/** How far back is looked, and how far ahead. */
const WINDOW_MS = 30 * DAY_MS;
const AHEAD_MS = 30 * DAY_MS;
/** With fewer days a line says nothing. */
const DAYS_MIN = 3;

export interface Measured {
  readonly atMs: number;
  readonly value: number;
}

/**
 * The value in 30 days, on the straight line that fits the last 30 days best (least squares). Each day (UTC) counts
 * once, with its last value, so that a day with many snapshots weighs no more. Never below 0. Null with fewer than 3
 * days.
 */
export function forecast(points: readonly Measured[], nowMs: number): Measured | null {
  const lastOfDay = new Map<number, Measured>();
  for (const point of points) {
    if (point.atMs > nowMs || nowMs - point.atMs > WINDOW_MS) continue;
    const day = utcDayOf(point.atMs);
    const known = lastOfDay.get(day);
    if (known === undefined || point.atMs >= known.atMs) lastOfDay.set(day, point);
  }
  if (lastOfDay.size < DAYS_MIN) return null;
  const days = [...lastOfDay.values()];
  // In days before now: sums of small numbers keep their digits.
  const x = days.map(({ atMs }) => (atMs - nowMs) / DAY_MS);
  const meanX = mean(x);
  const meanY = mean(days.map(({ value }) => value));
  let products = 0;
  let squares = 0;
  for (const [index, { value }] of days.entries()) {
    const dx = (x[index] ?? 0) - meanX;
    products += dx * (value - meanY);
    squares += dx * dx;
  }
  const slope = products / squares;
  return { atMs: nowMs + AHEAD_MS, value: Math.max(0, meanY + slope * (AHEAD_MS / DAY_MS - meanX)) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
