import { describe, expect, it } from 'vitest';
import { formatAbsolute, formatDay, formatDuration, formatRelative, formatSpan } from './time.ts';

const NOW = 1_800_000_000;

describe('formatRelative', () => {
  it.each([
    [0, 'just now'],
    [-59, 'just now'],
    [5, 'just now'],
    [30, 'in under a minute'],
    [-60, '1 min ago'],
    [-3599, '59 min ago'],
    [-3600, '1 hour ago'],
    [-7200, '2 hours ago'],
    [-86_399, '23 hours ago'],
    [-86_400, '1 day ago'],
    [6.9 * 86_400, 'in 6 days'],
    [-59 * 86_400, '59 days ago'],
    [-61 * 86_400, '2 months ago'],
    [-800 * 86_400, '2 years ago'],
  ])('formats %d s from now as "%s"', (delta, text) => {
    expect(formatRelative(NOW + delta, NOW)).toBe(text);
  });
});

it('formatSpan rounds down', () => {
  expect(formatSpan(7 * 86_400 - 1)).toBe('6 days');
  expect(formatSpan(-5)).toBe('0 s');
});

it('formatAbsolute includes date, seconds and time zone', () => {
  expect(formatAbsolute(NOW, 'UTC')).toBe('15 Jan 2027, 08:00:00 UTC');
});

it.each([
  [12.4, '12 ms'],
  [999, '999 ms'],
  [12_400, '12.4 s'],
  [59_960, '1 min 00 s'],
  [185_000, '3 min 05 s'],
  [7_800_000, '2 h 10 min'],
])('formatDuration(%d) is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

describe('formatDay', () => {
  it('is the day in UTC, wherever the browser is', () => {
    expect(formatDay(Date.UTC(2026, 1, 3, 23, 59) / 1000)).toBe('3 Feb 2026');
    expect(formatDay(Date.UTC(2026, 1, 4) / 1000)).toBe('4 Feb 2026');
  });
});
