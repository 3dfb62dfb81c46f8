import { expect, it } from 'vitest';
import { endOfUtcDayMs, utcDayOf } from './utc-day.ts';

it('utcDayOf counts days from midnight to midnight in UTC', () => {
  const last = Date.UTC(2026, 1, 28, 23, 59, 59, 999);
  expect(utcDayOf(last + 1)).toBe(utcDayOf(last) + 1);
  expect(utcDayOf(Date.UTC(2026, 1, 28))).toBe(utcDayOf(last));
  expect(endOfUtcDayMs(utcDayOf(last))).toBe(Date.UTC(2026, 2, 1));
});
