import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecast } from './forecast.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 5, 15, 12);
const GB = 2 ** 30;
const ago = (days: number, value: number) => ({ atMs: NOW_MS - days * DAY_MS, value });

describe('the forecast', () => {
  it('continues a straight line exactly, from any days of it', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 29 }), { minLength: 3 }),
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 0, max: 50 }),
        (days, startGb, gbPerDay) => {
          const line = (day: number) => (startGb + (day + 30) * gbPerDay) * GB;
          const found = forecast(
            days.map((day) => ago(day, line(-day))),
            NOW_MS,
          );
          expect(found?.atMs).toBe(NOW_MS + 30 * DAY_MS);
          expect((found?.value ?? 0) / GB).toBeCloseTo(line(30) / GB, 3);
        },
      ),
    );
  });

  it('is null with fewer than three days, however many snapshots they have', () => {
    const twoDays = Array.from({ length: 100 }, (_, i) => ago(i / 100, i));
    expect(forecast(twoDays, NOW_MS)).toBeNull();
    expect(forecast([], NOW_MS)).toBeNull();
    expect(forecast([ago(31, 1), ago(40, 2), ago(2, 3), ago(1, 3), ago(-2, 9)], NOW_MS)).toBeNull();
    expect(forecast([ago(2, 3), ago(1, 3), ago(0, 3)], NOW_MS)?.value).toBeCloseTo(3);
  });

  it('counts each day once, with its last value', () => {
    const often = Array.from({ length: 50 }, (_, i) => ago(0.2 + i / 1000, 1e9));
    const days = [ago(2, 10), ago(1, 20), ago(0, 30)];
    expect(forecast([...often, ...days], NOW_MS)).toEqual(forecast(days, NOW_MS));
  });

  it('is never below zero', () => {
    expect(forecast([ago(2, 300), ago(1, 200), ago(0, 100)], NOW_MS)?.value).toBe(0);
  });
});
