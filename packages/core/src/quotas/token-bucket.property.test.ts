import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TokenBucket, takeOne, usedOfBucket } from './token-bucket.ts';

const perMinutes = fc.integer({ min: 1, max: 90 });
/** Time between requests, sometimes negative: clocks are set back. */
const steps = fc.array(fc.oneof(fc.nat(1_500), fc.integer({ min: -3_000, max: 40_000 })), { maxLength: 200 });

/**
 * The same rule in another form (GCRA), without a bucket: a request is due `interval` after the one before it, and may
 * come up to a minute's worth of them early. Times are multiplied by `perMinute` to stay whole.
 */
function oracle(perMinute: number) {
  const interval = 60_000;
  let dueAt = 0;
  let latestMs = 0;
  return (nowMs: number): boolean => {
    latestMs = Math.max(latestMs, nowMs);
    const now = latestMs * perMinute;
    const due = Math.max(dueAt, now);
    if (due - now > (perMinute - 1) * interval) return false;
    dueAt = due + interval;
    return true;
  };
}

describe('the token bucket of requests', () => {
  it('allows exactly what the plain rule allows, and never more than a minute’s worth plus what was refilled since', () => {
    fc.assert(
      fc.property(perMinutes, steps, (perMinute, deltas) => {
        const expected = oracle(perMinute);
        let bucket: TokenBucket | undefined;
        let [nowMs, latestMs, passed] = [0, 0, 0];
        for (const delta of [0, ...deltas]) {
          nowMs += delta;
          latestMs = Math.max(latestMs, nowMs);
          const answer = takeOne(bucket, perMinute, nowMs);
          bucket = answer.bucket;
          expect(answer.isAllowed).toBe(expected(nowMs));
          passed += Number(answer.isAllowed);
          expect(passed).toBeLessThanOrEqual(perMinute + (latestMs * perMinute) / 60_000);
        }
      }),
    );
  });

  it('returns how long to wait: a request is allowed after it, and not a millisecond before', () => {
    fc.assert(
      fc.property(perMinutes, fc.nat(59_999), (perMinute, parts) => {
        const refused = takeOne({ parts, atMs: 1_000 }, perMinute, 1_000);
        if (refused.isAllowed) throw new Error('There was less than one in it.');
        expect(takeOne(refused.bucket, perMinute, 1_000 + refused.waitMs).isAllowed).toBe(true);
        expect(takeOne(refused.bucket, perMinute, 1_000 + refused.waitMs - 1).isAllowed).toBe(false);
      }),
    );
  });

  it('reports what is used, and when it is full again', () => {
    let bucket = takeOne(undefined, 60, 0).bucket;
    bucket = takeOne(bucket, 60, 0).bucket;
    expect(usedOfBucket(bucket, 60, 0)).toEqual({ used: 2, fullInMs: 2_000 });
    expect(usedOfBucket(bucket, 60, 500)).toEqual({ used: 2, fullInMs: 1_500 });
    expect(usedOfBucket(bucket, 60, 2_000)).toEqual({ used: 0, fullInMs: 0 });
    expect(usedOfBucket(undefined, 60, 0)).toEqual({ used: 0, fullInMs: 0 });
    expect(usedOfBucket(undefined, 0, 0)).toEqual({ used: 0, fullInMs: 0 });
  });

  it('rejects every request when none is allowed, and follows a changed limit', () => {
    expect(takeOne(undefined, 0, 5)).toMatchObject({ isAllowed: false, waitMs: 60_000 });
    const full = takeOne(undefined, 50, 0).bucket;
    const lowered = takeOne(full, 1, 0);
    expect(lowered.isAllowed).toBe(true);
    expect(takeOne(lowered.bucket, 1, 0).isAllowed).toBe(false);
  });
});
