import type { SyncPhase } from '@espejo/contracts';
import type { BulkSeed, FaultInput } from '@espejo/sandbox';
import fc from 'fast-check';
import type { z } from 'zod';
import { faults } from './faults.ts';

/** One action of upstream's history. `a` and `b` choose its object and its variant. */
export interface Step {
  readonly verb: (typeof VERBS)[number];
  readonly a: number;
  readonly b: number;
}

/** When the process is killed with `kill -9`. */
export type CrashPoint =
  /** During the start, at the nth write to the database. */
  | { readonly at: 'start'; readonly number: number }
  /** When upstream receives the nth request of the run, or a delay after it was answered. */
  | { readonly at: 'request'; readonly number: number; readonly afterAnswerMs: number | null }
  /** At the nth write of the run to the database: between two transactions, or inside one. */
  | { readonly at: 'write'; readonly number: number }
  /** The same for requests of one item by id, which come before and between removals. */
  | { readonly at: 'probe'; readonly number: number; readonly afterAnswerMs: number | null }
  /** When the run reports this phase. */
  | { readonly at: 'phase'; readonly phase: z.infer<typeof SyncPhase> };

/** Some history, then one sync with its faults and its crash. */
export interface Round {
  readonly history: readonly Step[];
  /** History during the sync, when upstream receives its nth request. */
  readonly during: readonly { readonly request: number; readonly steps: readonly Step[] }[];
  readonly faults: readonly FaultInput[];
  readonly isFull: boolean;
  readonly isDryRun: boolean;
  /** Whether the process has the key of the mirrored project or of another one. */
  readonly key: 'ours' | 'theirs';
  readonly cancelAtRequest: number | null;
  readonly crash: CrashPoint | null;
  readonly review: 'leave' | 'approve' | 'change, then approve';
  /** After a crash: whether the next sync is a quick one without faults. */
  readonly isQuietAfterwards: boolean;
}

export interface World {
  readonly bulk: BulkSeed;
  /** Files of the first store in addition to those of `bulk`. */
  readonly wideFiles: number;
}

export interface Scenario {
  readonly world: World;
  readonly processingDelayMs: number;
  readonly deletedCursor: 'reject' | 'continue';
  /** Whether the first round starts with a mirror or without one. */
  readonly isMirrored: boolean;
  readonly rounds: readonly Round[];
  /** Kills the first sync that may carry out the remaining removals. */
  readonly crashAtRemoval: CrashPoint | null;
}

const VERBS = [
  'create store',
  'create file',
  'upload into store',
  'attach',
  'attach batch',
  'detach',
  'attach again',
  'delete file',
  'delete store',
  'rename',
  'set metadata',
  'set attributes',
  'set expiry',
  'empty store',
  'delete many stores',
  'wait seconds',
  'wait days',
] as const;

const WEIGHTS: Partial<Record<(typeof VERBS)[number], number>> = {
  'upload into store': 4,
  attach: 4,
  detach: 3,
  'delete file': 2,
  'delete store': 2,
  'set attributes': 2,
  'wait seconds': 4,
};

const step: fc.Arbitrary<Step> = fc.record({
  verb: fc.oneof(...VERBS.map((verb) => ({ arbitrary: fc.constant(verb), weight: WEIGHTS[verb] ?? 1 }))),
  a: fc.nat(9999),
  b: fc.nat(9999),
});

const world: fc.Arbitrary<World> = fc.oneof(
  {
    weight: 16,
    arbitrary: fc.record({
      bulk: fc.record({
        stores: fc.integer({ min: 5, max: 30 }),
        filesPerStore: fc.integer({ min: 0, max: 4 }),
        sharedFraction: fc.constantFrom(0, 0.3, 0.6),
        failedFraction: fc.constantFrom(0, 0.2),
        orphans: fc.integer({ min: 0, max: 8 }),
      }),
      wideFiles: fc.constant(0),
    }),
  },
  // Two and three pages of stores, of one store's files, of the project's files.
  {
    weight: 3,
    arbitrary: fc.record({
      bulk: fc.record({
        stores: fc.integer({ min: 101, max: 250 }),
        attachments: fc.integer({ min: 0, max: 60 }),
        sharedFraction: fc.constant(0.5),
      }),
      wideFiles: fc.constant(0),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      bulk: fc.record({ stores: fc.integer({ min: 2, max: 6 }), filesPerStore: fc.constantFrom(0, 3) }),
      wideFiles: fc.integer({ min: 101, max: 250 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constant({ bulk: { stores: 4, filesPerStore: 2, orphans: 10_005 }, wideFiles: 0 }),
  },
);

const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 15, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

const requestNumber = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 40 }));
const atProbe = fc.record({
  at: fc.constant('probe' as const),
  number: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 12 })),
  afterAnswerMs: fc.option(fc.integer({ min: 0, max: 12 }), { freq: 2 }),
});
const crashPoint: fc.Arbitrary<CrashPoint> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      at: fc.constant('request' as const),
      number: requestNumber,
      afterAnswerMs: fc.option(fc.integer({ min: 0, max: 6 })),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ at: fc.constant('write' as const), number: fc.integer({ min: 1, max: 14 }) }),
  },
  { weight: 1, arbitrary: atProbe },
  {
    weight: 1,
    arbitrary: fc.record({ at: fc.constant('start' as const), number: fc.integer({ min: 1, max: 8 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      at: fc.constant('phase' as const),
      phase: fc.constantFrom('listing_stores', 'listing_attachments', 'listing_files', 'confirming'),
    }),
  },
);

const round = (crash: fc.Arbitrary<CrashPoint | null>): fc.Arbitrary<Round> =>
  fc.record({
    history: fc.array(step, { maxLength: 10 }),
    during: fc.array(fc.record({ request: requestNumber, steps: fc.array(step, { maxLength: 4 }) }), { maxLength: 3 }),
    faults,
    isFull: fc.boolean(),
    isDryRun: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    key: fc.oneof(
      { weight: 24, arbitrary: fc.constant('ours' as const) },
      { weight: 1, arbitrary: fc.constant('theirs' as const) },
    ),
    cancelAtRequest: rarely(requestNumber),
    crash,
    review: fc.constantFrom('leave', 'approve', 'change, then approve'),
    isQuietAfterwards: fc.boolean(),
  });

/** Some faults last longer: a round then repeats those of the previous round. */
function lasting(rounds: readonly Round[]): fc.Arbitrary<readonly Round[]> {
  return fc.array(fc.boolean(), { minLength: rounds.length, maxLength: rounds.length }).map((isLasting) => {
    let before: Round['faults'] = [];
    return rounds.map((round, i) => {
      if (isLasting[i] !== true || before.length === 0) before = round.faults;
      return { ...round, faults: before };
    });
  });
}

/** A project, its history and the faults of its mirror, all derived from the seed. At least one round has a crash. */
const scenario: fc.Arbitrary<Scenario> = fc.record({
  world,
  processingDelayMs: fc.constantFrom(0, 3_000),
  deletedCursor: fc.constantFrom('reject', 'continue'),
  isMirrored: fc.constantFrom(true, true, false),
  rounds: fc
    .tuple(
      fc.array(round(fc.constant(null)), { maxLength: 1 }),
      round(crashPoint),
      fc.array(round(sometimes(crashPoint)), { minLength: 1, maxLength: 2 }),
    )
    .chain(([before, crashing, after]) => lasting([...before, crashing, ...after])),
  crashAtRemoval: sometimes(atProbe),
});

/** The scenario of a seed; deterministic. */
export function scenarioOf(seed: number): Scenario {
  const [first] = fc.sample(scenario, { seed, numRuns: 1, unbiased: true });
  if (first === undefined) throw new Error(`Seed ${seed} makes no scenario.`);
  return first;
}
