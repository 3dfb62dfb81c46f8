import { isCommonWord } from '../words/common-words.ts';
import { createPieceTable } from '../words/piece-table.ts';
import { pieceWords } from '../words/split-words.ts';
import { hashWord } from '../words/word-hash.ts';
import { embedInTurns } from './embed-in-turns.ts';
import { modelFingerprint } from './fingerprint.ts';
import { visitWords1, weightOf1 } from './lexical-features-1.ts';
import type { Embedder, EmbeddingModel } from './port.ts';
import { blankVector, normalise } from './unit-vector.ts';

const DIMENSIONS = 384;
const GRAM_UNITS = [3, 4, 5];
/** The weight of a word's parts together, so that its other forms are close. */
const GRAMS_WEIGHT = 1;
/** A word that every text of its language has. */
const COMMON_WEIGHT = 0.15;
/** With several places per word, two words that collide in one still differ. */
const PLACES_PER_WORD = 4;

/** How a text becomes words. */
interface LexicalVersion {
  readonly words: KnownWords;
  /** The words of a text, as their numbers. Read-only, and overwritten by the next call. */
  numbersOf(text: string): { readonly numbers: Int32Array; readonly count: number };
}

/** Every version: what an older one made is searched with it until it is re-embedded. */
const VERSIONS = {
  1: createVersion1(),
  2: createVersion2(),
} as const satisfies Record<number, LexicalVersion>;

function createVersion1(): LexicalVersion {
  const words = createKnownWords(weightOf1);
  const list = createNumberList();
  return {
    words,
    numbersOf(text) {
      if (words.isFull()) words.forget();
      list.clear();
      visitWords1(text, (word) => list.add(words.get(word)));
      return list.taken();
    },
  };
}

function createVersion2(): LexicalVersion {
  const words = createKnownWords(weightOf);
  const list = createNumberList();
  /** The words of pieces that are not one word. */
  let several: number[][] = [];
  // A piece of one word, the usual case, is the word's number; any other is the negative of its place in the list, less
  // 1.
  const pieces = createPieceTable((piece) => {
    const numbers = pieceWords(piece).map(words.get);
    return numbers.length === 1 ? (numbers[0] ?? 0) : -several.push(numbers);
  });
  return {
    words,
    numbersOf(text) {
      if (words.isFull() || several.length > KNOWN_WORDS_MAX) {
        words.forget();
        pieces.clear();
        several = [];
      }
      list.clear();
      const found = pieces.piecesOf(text);
      for (let at = 0; at < found.length; at += 1) {
        const number = found[at] as number;
        if (number >= 0) list.add(number);
        else for (const other of several[-number - 1] ?? []) list.add(other);
      }
      return list.taken();
    },
  };
}

/** Numbers in an array that grows to the longest list so far. */
function createNumberList() {
  let numbers = new Int32Array(4096);
  let count = 0;
  return {
    clear(): void {
      count = 0;
    },
    add(number: number): void {
      if (count === numbers.length) numbers = longer(numbers, count + 1);
      numbers[count] = number;
      count += 1;
    },
    taken: () => ({ numbers, count }),
  };
}

export type LexicalVersionNumber = keyof typeof VERSIONS;
const CURRENT: LexicalVersionNumber = 2;

/** Versions other than the present one. */
export const OLDER_LEXICAL_VERSIONS: readonly LexicalVersionNumber[] = [1];

/**
 * The embedder that needs no model and no network: it finds words and their forms, not meanings. A text has the same
 * vector on every machine.
 */
export function createLexicalEmbedder(version: LexicalVersionNumber = CURRENT): Embedder {
  const model: EmbeddingModel = {
    // The version is part of it: a change of the vectors needs a new version.
    fingerprint: modelFingerprint({ kind: 'lexical', version, dimensions: DIMENSIONS }),
    name: 'lexical-384',
    dimensions: DIMENSIONS,
    kind: 'lexical',
  };
  return {
    model,
    embed: (texts, { signal }) => embedInTurns(texts, (text) => lexicalVector(text, version), signal),
  };
}

/** The unit vector of a text: each word and each of its parts adds to or subtracts from the places of its hash. */
export function lexicalVector(text: string, version: LexicalVersionNumber = CURRENT): Float32Array {
  const rules: LexicalVersion = VERSIONS[version];
  const vector = new Float32Array(DIMENSIONS);
  const { numbers, count } = rules.numbersOf(text);
  const { counts, starts, places, weights } = rules.words.tables();
  if (seen.length < count) seen = longer(seen, count);
  let seenCount = 0;
  for (let at = 0; at < count; at += 1) {
    const word = numbers[at] as number;
    const times = counts[word] as number;
    if (times === 0) seen[seenCount++] = word;
    counts[word] = times + 1;
  }
  for (let at = 0; at < seenCount; at += 1) {
    const word = seen[at] as number;
    const tf = 1 + Math.log(counts[word] as number);
    counts[word] = 0;
    const end = starts[word + 1] as number;
    for (let feature = starts[word] as number; feature < end; feature += 1) {
      const place = places[feature] as number;
      vector[place] = (vector[place] as number) + (weights[feature] as number) * tf;
    }
  }
  return normalise(vector) ? vector : blankVector(DIMENSIONS);
}

/** The words of the current text, each once. Grows to the longest text so far. */
let seen = new Int32Array(4096);

/** The places of a word in the vector, and its weight there. */
interface WordFeatures {
  readonly places: Uint16Array;
  readonly weights: Float32Array;
}

/** What is known of words, by their numbers. */
interface WordTables {
  /** How often the current text has each word; 0 between two texts. */
  readonly counts: Int32Array;
  /** Where the features of each word begin; they end where those of the next word begin. */
  readonly starts: Int32Array;
  readonly places: Uint16Array;
  readonly weights: Float32Array;
}

const KNOWN_WORDS_MAX = 50_000;

/** The words met so far, each as a number. */
interface KnownWords {
  get(word: string): number;
  /** So many that they are cleared: the common ones are soon back. */
  isFull(): boolean;
  forget(): void;
  /** Valid until the next word. */
  tables(): WordTables;
}

function createKnownWords(weightOfWord: (word: string) => number): KnownWords {
  const known = new Map<string, number>();
  let counts = new Int32Array(1024);
  let starts = new Int32Array(1025);
  let places = new Uint16Array(16_384);
  let weights = new Float32Array(16_384);
  return {
    get(word) {
      const met = known.get(word);
      if (met !== undefined) return met;
      const number = known.size;
      const features = computeFeatures(word, weightOfWord(word));
      const start = starts[number] ?? 0;
      const end = start + features.places.length;
      if (number + 1 >= counts.length) {
        counts = longer(counts, number + 2);
        starts = longer(starts, number + 3);
      }
      if (end > places.length) {
        places = longer(places, end);
        weights = longer(weights, end);
      }
      places.set(features.places, start);
      weights.set(features.weights, start);
      starts[number + 1] = end;
      // A copy, for a slice would keep the whole text alive.
      known.set(Buffer.from(word, 'utf16le').toString('utf16le'), number);
      return number;
    },
    isFull: () => known.size > KNOWN_WORDS_MAX,
    forget: () => known.clear(),
    tables: () => ({ counts, starts, places, weights }),
  };
}

/** A copy of at least this length, and twice as long as before at least. */
function longer<T extends Int32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer>>(
  numbers: T,
  lengthMin: number,
): T {
  const Numbers = numbers.constructor as new (length: number) => T;
  const grown = new Numbers(Math.max(lengthMin, numbers.length * 2));
  grown.set(numbers);
  return grown;
}

function computeFeatures(word: string, weight: number): WordFeatures {
  const marked = `^${word}$`;
  const gramCount = GRAM_UNITS.reduce((sum, units) => sum + Math.max(0, marked.length - units + 1), 0);
  const gramWeight = (weight * GRAMS_WEIGHT) / Math.sqrt(gramCount);
  const wordWeight = weight / Math.sqrt(PLACES_PER_WORD);
  const places: number[] = [];
  const weights: number[] = [];
  const add = (hash: number, value: number) => {
    places.push((hash >>> 1) % DIMENSIONS);
    weights.push((hash & 1) === 0 ? value : -value);
  };
  for (let place = 0; place < PLACES_PER_WORD; place += 1) add(hashWord(word, 0, word.length, place), wordWeight);
  for (const units of GRAM_UNITS) {
    for (let at = 0; at + units <= marked.length; at += 1) {
      add(hashWord(marked, at, at + units, PLACES_PER_WORD), gramWeight);
    }
  }
  return { places: Uint16Array.from(places), weights: Float32Array.from(weights) };
}

/** Short words carry little meaning in most languages: a substitute for counting the words of all texts. */
function weightOf(word: string): number {
  if (isCommonWord(word)) return COMMON_WEIGHT;
  if (word.charCodeAt(0) > 0x2e7f) return 1;
  return Math.min(1, word.length / 6) ** 2;
}
