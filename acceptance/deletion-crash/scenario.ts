import fc from 'fast-check';

/** How a request relates to the kill of the process that sent it. */
export const CATCHES = ['before', 'after', 'late'] as const;
/** before: upstream never handles it. after: it does, and the answer is lost. late: it does after the kill. */
export type Catch = (typeof CATCHES)[number];

export interface Crash {
  /** The position in the deletion, as a share of its requests. */
  readonly share: number;
  readonly how: Catch;
  /** Changes by upstream's users while no process runs. */
  readonly acts: readonly Act[];
}

export interface Act {
  readonly verb: 'attach outside' | 'attach inside' | 'delete file' | 'delete store' | 'detach';
  readonly a: number;
  readonly b: number;
}

/** A project, a deletion in it, and the kills of its processes, all derived from the seed. */
export interface Scenario {
  /** The files of each store, by number. */
  readonly stores: readonly (readonly number[])[];
  readonly userData: readonly number[];
  readonly ghostMode: 'none' | 'listed' | 'counted';
  /** Stores to delete, by number. */
  readonly chosen: readonly number[];
  /** Attachments to detach. */
  readonly ended: readonly (readonly [store: number, file: number])[];
  /** Files to delete individually, including files in no store. */
  readonly named: readonly number[];
  readonly files: 'delete' | 'keep';
  readonly concurrency: number;
  /** Answers that are lost during the first process. */
  readonly drops: readonly { readonly effect: 'before' | 'after'; readonly nth: number }[];
  readonly crashes: readonly Crash[];
}

export const FILE_COUNT = 9;
const STORE_COUNT = 5;

const file = fc.nat(FILE_COUNT - 1);
const store = fc.nat(STORE_COUNT - 1);
const index = fc.nat(9999);

const act: fc.Arbitrary<Act> = fc.record({
  verb: fc.oneof(
    { weight: 6, arbitrary: fc.constant('attach outside' as const) },
    { weight: 1, arbitrary: fc.constant('attach inside' as const) },
    { weight: 2, arbitrary: fc.constantFrom('delete file' as const, 'delete store' as const, 'detach' as const) },
  ),
  a: index,
  b: index,
});

const crash: fc.Arbitrary<Crash> = fc.record({
  share: fc.integer({ min: 0, max: 999 }).map((thousandths) => thousandths / 1000),
  how: fc.constantFrom(...CATCHES),
  acts: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.array(act, { minLength: 1, maxLength: 2 }) },
  ),
});

const scenario: fc.Arbitrary<Scenario> = fc.record({
  stores: fc.array(fc.uniqueArray(file, { maxLength: 5 }), { minLength: STORE_COUNT, maxLength: STORE_COUNT }),
  userData: fc.uniqueArray(file, { maxLength: 1 }),
  ghostMode: fc.constantFrom('none', 'none', 'listed', 'counted'),
  chosen: fc.uniqueArray(store, { minLength: 1, maxLength: 3 }),
  ended: fc.uniqueArray(fc.tuple(store, file), { maxLength: 2, selector: ([s, f]) => `${s}/${f}` }),
  named: fc.uniqueArray(file, { maxLength: 3 }),
  files: fc.constantFrom('delete', 'delete', 'delete', 'delete', 'delete', 'keep'),
  concurrency: fc.constantFrom(1, 1, 2, 4, 8),
  drops: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.array(
        fc.record({ effect: fc.constantFrom('before', 'after'), nth: fc.integer({ min: 1, max: 9 }) }),
        {
          minLength: 1,
          maxLength: 2,
        },
      ),
    },
  ),
  crashes: fc.array(crash, { minLength: 1, maxLength: 3 }),
});

/** The scenario of a seed; deterministic. */
export function scenarioOf(seed: number): Scenario {
  const [first] = fc.sample(scenario, { seed, numRuns: 1, unbiased: true });
  if (first === undefined) throw new Error(`Seed ${seed} makes no scenario.`);
  return first;
}
