import { type BucketRule, waitOf } from './sign-in-guard.ts';

export interface Throttle {
  /** Counts one for a name. Zero: it is within what may come at once; else how long until one is again. */
  count(name: string, nowMs: number): number;
}

/**
 * Bounds how often something comes from each of any number of places, in memory of fixed size. `hash`, of a secret so
 * that nobody can aim, says which count is whose; two that meet in one share it.
 */
export function createThrottle(options: {
  /** An even spread over 0 … 2^32 − 1 that nobody outside can foretell. */
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
