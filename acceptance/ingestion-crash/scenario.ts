import fc from 'fast-check';

const FILES_MAX = 8;
const STORES_MAX = 2;

/** The content of a file. */
export type FileKind = 'note' | 'long' | 'table' | 'json' | 'empty' | 'corrupt' | 'twin';

/** When a process is killed: at an embedding request, before or shortly after its answer, or some time after the last action. */
export type Crash =
  | { readonly at: 'embedding'; readonly nth: number; readonly isAnswered: boolean; readonly afterMs: number }
  | { readonly at: 'moment'; readonly delayMs: number };

export interface Scenario {
  readonly files: readonly FileKind[];
  /** Files of each store, how they are chunked, and whether they are attached one by one or at once. */
  readonly stores: readonly {
    readonly files: readonly number[];
    readonly maxTokens: number;
    readonly overlapTokens: number;
    readonly isBatch: boolean;
  }[];
  /** Attachments that are removed before the last crash. */
  readonly detached: readonly (readonly [store: number, file: number])[];
  /** Files that are deleted, out of every store, before the last crash. */
  readonly deleted: readonly number[];
  /** Every n-th embedding request fails with 503; 0: none. */
  readonly failsEvery: number;
  readonly crashes: readonly Crash[];
  /** At the end the embedding model changes; the number of its request at which the process is killed again. Null: no change. */
  readonly reembedding: { readonly nth: number; readonly isAnswered: boolean } | null;
}

const kind: fc.Arbitrary<FileKind> = fc.oneof(
  { weight: 4, arbitrary: fc.constant('note' as const) },
  { weight: 3, arbitrary: fc.constant('long' as const) },
  { weight: 2, arbitrary: fc.constantFrom('table' as const, 'json' as const, 'twin' as const) },
  { weight: 1, arbitrary: fc.constantFrom('empty' as const, 'corrupt' as const) },
);

const crash: fc.Arbitrary<Crash> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      at: fc.constant('embedding' as const),
      nth: fc.integer({ min: 1, max: 8 }),
      isAnswered: fc.boolean(),
      // What follows an answer, index and record, takes milliseconds.
      afterMs: fc.integer({ min: 0, max: 30 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ at: fc.constant('moment' as const), delayMs: fc.integer({ min: 0, max: 400 }) }),
  },
);

const scenario: fc.Arbitrary<Scenario> = fc.array(kind, { minLength: 3, maxLength: FILES_MAX }).chain((files) => {
  const file = fc.nat(files.length - 1);
  const store = fc.record({
    files: fc.uniqueArray(file, { minLength: 2 }),
    maxTokens: fc.constantFrom(100, 200, 800),
    overlapTokens: fc.constantFrom(0, 50),
    isBatch: fc.boolean(),
  });
  return fc.record({
    files: fc.constant(files),
    stores: fc.array(store, { minLength: 1, maxLength: STORES_MAX }),
    detached: fc.uniqueArray(fc.tuple(fc.nat(STORES_MAX - 1), file), {
      maxLength: 1,
      selector: ([s, f]) => `${s}/${f}`,
    }),
    deleted: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.uniqueArray(file, { maxLength: 1 }) },
    ),
    failsEvery: fc.constantFrom(0, 0, 3, 7),
    crashes: fc.array(crash, { minLength: 1, maxLength: 3 }),
    reembedding: fc.option(fc.record({ nth: fc.integer({ min: 1, max: 3 }), isAnswered: fc.boolean() }), { freq: 2 }),
  });
});

/** The scenario of a seed; deterministic. */
export function scenarioOf(seed: number): Scenario {
  const [first] = fc.sample(scenario, { seed, numRuns: 1, unbiased: true });
  if (first === undefined) throw new Error(`Seed ${seed} makes no scenario.`);
  return first;
}

/** Deterministic bytes of a file; no two files have the same word frequencies. */
export function contentOf(seed: number, files: readonly FileKind[], at: number): { name: string; text: string } {
  const next = createRandom(seed * 100 + at);
  const word = () => WORDS[Math.floor(next() ** 2 * WORDS.length)] ?? '';
  const sentence = () => `${Array.from({ length: 5 + Math.floor(next() * 15) }, word).join(' ')}.`;
  const lines = (count: number) => Array.from({ length: count }, sentence);
  switch (files[at]) {
    case 'long':
      return { name: `long-${at}.md`, text: `# Long ${seed}\n\n${lines(200).join('\n')}\n` };
    case 'table':
      return {
        name: `table-${at}.csv`,
        text: `line,words\n${lines(40)
          .map((line, i) => `${i},${line}`)
          .join('\n')}\n`,
      };
    case 'json':
      return {
        name: `data-${at}.json`,
        text: JSON.stringify(
          lines(30).map((words, i) => ({ i, words })),
          null,
          1,
        ),
      };
    case 'empty':
      return { name: `empty-${at}.txt`, text: ' \n' };
    case 'corrupt':
      return { name: `corrupt-${at}.pdf`, text: `%PDF-1.7\nthis is no document ${seed} ${at}` };
    case 'twin':
      // The bytes of all twins of a seed are equal.
      return { name: `twin-${at}.txt`, text: `Twins of seed ${seed} are equal.\n`.repeat(50) };
    default:
      return { name: `note-${at}.txt`, text: lines(12).join('\n') };
  }
}

/** Made of syllables; enough words that frequencies distinguish texts. */
export const WORDS = ['ba', 'ko', 'li', 'mur', 'ne', 'po', 'ra', 'su', 'tel', 'vin'].flatMap((first, _, all) =>
  all.flatMap((second) => all.slice(0, 6).map((third) => `${first}${second}${third}`)),
);

/** Numbers from 0 to 1, deterministic for a seed. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
