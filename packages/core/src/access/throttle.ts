import { type BucketRule, waitOf } from './sign-in-guard.ts';

export interface Throttle {
  /** Counts one call for a name. Zero: it is within the burst; else the time until a call is allowed. */
  count(name: string, nowMs: number): number;
}

/**
 * Limits how often calls come from each of any number of names, in memory of fixed size. `hash`, keyed with a secret so
 * that it cannot be targeted, selects the counter; names with the same hash share one.
 */
export function createThrottle(options: {
  /** Evenly spread over 0 … 2^32 − 1 and unpredictable from outside. */
  readonly hash: (text: string) => number;
  readonly rule: BucketRule;
  readonly size?: number;
}): Throttle {
  const { hash, rule, size = 65_536 } = options;
  const fullAtMs = new Float64Array(size);
  return {
    count(name, nowMs) {
      const index = hash(name) % size;
      const waitMs = waitOf(fullAtMs[index] ?? 0, rule, nowMs);
      if (waitMs === 0) fullAtMs[index] = Math.max(fullAtMs[index] ?? 0, nowMs) + rule.intervalMs;
      return waitMs;
    },
  };
}
