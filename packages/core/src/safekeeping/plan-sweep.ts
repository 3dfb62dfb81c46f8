import { removalLimit } from '../reconcile/guard.ts';

/** What a look at kept content found. */
export interface SweepFacts {
  /** Everything that is kept, set aside or not. */
  readonly keptCount: number;
  /** What was set aside by earlier sweeps and is still there. */
  readonly setAsideCount: number;
  /** What no row names, and is old enough. */
  readonly unnamed: readonly string[];
  /** For how long this process has run, by a clock that only counts. */
  readonly uptimeMs: number;
  /** The plan that a person approved; null: none. */
  readonly approvedHash: string | null;
}

export type SweepPlan =
  | { readonly kind: 'wait' }
  | { readonly kind: 'set_aside'; readonly names: readonly string[] }
  /** Nothing is touched: a person looks first. */
  | { readonly kind: 'ask'; readonly hash: string; readonly count: number; readonly limit: number };

/** A process sweeps nothing before it has run for this long: whoever started it on the wrong data has time to see it. */
export const SWEEP_UPTIME_MIN_MS = 6 * 3_600_000;

/**
 * Decides about content that no row names. That a row is missing proves little: the database may be another one, or older
 * than the content. So nothing happens in the first hours, nothing is removed at once, and more than max(5, 20 %) of what is
 * kept, with what earlier sweeps have set aside, needs a person's approval of exactly these names.
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
