import { createPieceTable } from './piece-table.ts';
import { pieceWords } from './split-words.ts';
import { hashWord } from './word-hash.ts';

/** The indexed form of a text. */
export interface IndexedWords {
  /** Its folded words, separated by spaces: for the word index. */
  readonly text: string;
  /** The hash of every word, in order: for the score of a text that was found. */
  readonly stream: Uint32Array;
}

/** Words of a text as numbers, which represent their hashes until `generation` changes. */
export interface NumberedWords {
  /** The words in their order; valid until the next text. */
  readonly numbers: Int32Array;
  readonly count: number;
  /** The hash of each number. */
  readonly hashes: Uint32Array;
  readonly generation: number;
}

/** All numbers are assigned again when there are more words and pieces. */
const NUMBERED_MAX = 100_000;
let generation = 0;
let hashes = new Uint32Array(4_096);
const numberOf = new Map<number, number>();
/** The words of pieces that are not one word. */
let several: Int32Array[] = [];

/**
 * A piece of one word, the usual case, is the word's number; any other is the negative of its place in `several`, less
 * 1.
 */
const pieces = createPieceTable((piece) => {
  const numbers = pieceWords(piece).map((word) => numberOfHash(hashWord(word)));
  return numbers.length === 1 ? (numbers[0] ?? 0) : -several.push(Int32Array.from(numbers));
});

function numberOfHash(hash: number): number {
  const known = numberOf.get(hash);
  if (known !== undefined) return known;
  const number = numberOf.size;
  if (number === hashes.length) hashes = grown(hashes, number + 1);
  hashes[number] = hash;
  numberOf.set(hash, number);
  return number;
}

/** Grows to the longest text so far. */
let scratch = new Int32Array(4_096);

/** The words of a text as numbers, in order. A word with parts is followed by these. */
export function numberedWords(text: string): NumberedWords {
  if (numberOf.size + several.length > NUMBERED_MAX) {
    generation += 1;
    pieces.clear();
    numberOf.clear();
    several = [];
  }
  let count = 0;
  const found = pieces.piecesOf(text);
  for (let at = 0; at < found.length; at += 1) {
    const number = found[at] as number;
    if (number >= 0) {
      if (count === scratch.length) scratch = grown(scratch, count + 1);
      scratch[count++] = number;
      continue;
    }
    const numbers = several[-number - 1] ?? NO_NUMBERS;
    if (count + numbers.length > scratch.length) scratch = grown(scratch, count + numbers.length);
    scratch.set(numbers, count);
    count += numbers.length;
  }
  return { numbers: scratch, count, hashes, generation };
}

const NO_NUMBERS = new Int32Array();

/** The hash of each of these words, in their order. */
export function hashesOf({ numbers, count, hashes: hashOf }: NumberedWords): Uint32Array {
  const stream = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) stream[at] = hashOf[numbers[at] as number] as number;
  return stream;
}

/** The hash of every word of a text, in their order. */
export function wordStream(text: string): Uint32Array {
  return hashesOf(numberedWords(text));
}

/** The words of a text for SQLite's full-text index. A word with parts is followed by these. */
export function indexedWords(text: string): IndexedWords {
  const words = text.split(/\s+/).flatMap(pieceWords);
  return { text: words.join(' '), stream: wordStream(text) };
}

function grown<T extends Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(words: T, lengthMin: number): T {
  const Numbers = words.constructor as new (length: number) => T;
  const longer = new Numbers(Math.max(lengthMin, words.length * 2));
  longer.set(words);
  return longer;
}
