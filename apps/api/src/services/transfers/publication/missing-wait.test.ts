import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MISSING_PATIENCE_MS, waitForMissing } from './missing-wait.ts';

describe('the wait for an object that upstream does not find', () => {
  it('grows, ends within its limit, and takes some thirty requests at most', () => {
    const pausesMs: number[] = [];
    for (let nowMs = 0; ; ) {
      const next = waitForMissing({ sinceMs: 0, nowMs });
      if (next.type === 'over') break;
      pausesMs.push(next.waitMs);
      nowMs += next.waitMs;
    }
    expect(pausesMs.slice(0, 4)).toEqual([500, 500, 500, 750]);
    expect(pausesMs).toEqual(pausesMs.toSorted((a, b) => a - b));
    expect(pausesMs.length).toBeLessThan(35);
    const totalMs = pausesMs.reduce((sum, ms) => sum + ms, 0);
    expect(totalMs).toBeGreaterThanOrEqual(MISSING_PATIENCE_MS);
    expect(totalMs).toBeLessThan(MISSING_PATIENCE_MS + 30_000);
  });

  it('depends only on its start, so a restart does not reset it', () => {
    fc.assert(
      fc.property(fc.nat(2 * MISSING_PATIENCE_MS), fc.nat(2_000_000_000), (waitedMs, sinceMs) => {
        const at = waitForMissing({ sinceMs, nowMs: sinceMs + waitedMs });
        expect(at.type).toBe(waitedMs >= MISSING_PATIENCE_MS ? 'over' : 'wait');
        expect(waitForMissing({ sinceMs, nowMs: sinceMs - waitedMs })).toEqual(at);
      }),
    );
  });
});
