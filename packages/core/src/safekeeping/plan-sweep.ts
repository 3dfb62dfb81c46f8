import { removalLimit } from '../reconcile/guard.ts';

/** The result of a scan of kept content. */
export interface SweepFacts {
  /** All content, set aside or not. */
  readonly keptCount: number;
  /** Content that earlier sweeps set aside and that still exists. */
  readonly setAsideCount: number;
  /** Content that no row refers to, and that is old enough. */
  readonly unnamed: readonly string[];
  /** For how long this process has run, by the monotonic clock. */
  readonly uptimeMs: number;
  /** The plan that a person approved; null: none. */
  readonly approvedHash: string | null;
}

export type SweepPlan =
  | { readonly kind: 'wait' }
  | { readonly kind: 'set_aside'; readonly names: readonly string[] }
  /** Nothing is touched: a person reviews it first. */
  | { readonly kind: 'ask'; readonly hash: string; readonly count: number; readonly limit: number };

/**
 * A process sweeps nothing before it has run for this long, so that an operator who started it on the wrong data can
 * notice.
 */
export const SWEEP_UPTIME_MIN_MS = 6 * 3_600_000;

/**
 * Plans a sweep of content that no row refers to. A missing row proves little: the database may be another one, or
 * older than the content. So nothing happens in the first hours, nothing is removed at once, and more than max(5, 20 %)
 * of all content, including what earlier sweeps set aside, needs a person's approval of exactly these names.
 */
export function planSweep(facts: SweepFacts, hashOf: (names: readonly string[]) => string): SweepPlan {
  if (facts.uptimeMs < SWEEP_UPTIME_MIN_MS) return { kind: 'wait' };
  const names = [...facts.unnamed].sort();
  const limit = removalLimit(facts.keptCount);
  if (names.length === 0 || names.length + facts.setAsideCount <= limit) return { kind: 'set_aside', names };
  const hash = hashOf(names);
  if (hash === facts.approvedHash) return { kind: 'set_aside', names };
  return { kind: 'ask', hash, count: names.length, limit };
}
