import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureProgress } from './progress.ts';

const measure = (done: number, total: number | null, elapsedMs: number) =>
  measureProgress({
    phase: 'listing_attachments',
    done,
    total,
    requests: 7,
    phaseStartedAtMs: 5_000,
    nowMs: 5_000 + elapsedMs,
  });

describe('progress', () => {
  it('passes phase, counts and requests on', () => {
    expect(measure(3, 9, 0)).toMatchObject({ phase: 'listing_attachments', done: 3, total: 9, requests: 7 });
  });
  it.each([
    ['nothing to go by yet', 0, 10, 0, 0, null],
    ['nothing done yet', 0, 10, 4_000, 0, null],
    ['half done', 50, 100, 10_000, 5, 10],
    ['rounded up to whole seconds', 10, 15, 3_000, 3.3, 2],
    ['an end that is not known', 50, null, 10_000, 5, null],
    ['all done', 100, 100, 10_000, 10, 0],
    ['more done than was expected', 101, 100, 10_000, 10.1, 0],
    ['nothing to do', 0, 0, 0, 0, 0],
    ['a clock that went back', 5, 10, -1_000, 0, null],
  ])('measures rate and remaining time: %s', (_, done, total, elapsedMs, ratePerSecond, etaSeconds) => {
    expect(measure(done, total, elapsedMs)).toMatchObject({ ratePerSecond, etaSeconds });
  });
  it('is never negative, infinite or not a number', () => {
    const n = fc.nat({ max: 1e9 });
    fc.assert(
      fc.property(n, fc.option(n), fc.integer({ min: -1e9, max: 1e9 }), (done, total, elapsedMs) => {
        const { ratePerSecond, etaSeconds } = measure(done, total, elapsedMs);
        for (const value of [ratePerSecond, etaSeconds ?? 0]) {
          expect(Number.isFinite(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
