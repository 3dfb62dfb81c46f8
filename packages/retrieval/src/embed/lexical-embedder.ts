import { setImmediate as nextTurn } from 'node:timers/promises';
import { modelFingerprint } from './fingerprint.ts';
import { visitWords } from './lexical-features.ts';
import type { Embedder, EmbeddingModel } from './port.ts';
import { blankVector, normalise } from './unit-vector.ts';

const DIMENSIONS = 384;
const GRAM_UNITS = [3, 4, 5];
/** A word counts for itself; its parts together count for this much, so that its other forms are near. */
const GRAMS_WEIGHT = 1;
const SYMBOL_WEIGHT = 0.1;
/** Spread over several places, two words that meet in one are still apart. */
const PLACES_PER_WORD = 4;
/** Texts between two turns of the event loop: a few milliseconds. */
const TEXTS_PER_TURN = 16;

const model: EmbeddingModel = {
  // The version is part of it: change what the vectors are, and change the version.
  fingerprint: modelFingerprint({ kind: 'lexical', version: 1, dimensions: DIMENSIONS }),
  name: 'lexical-384',
  dimensions: DIMENSIONS,
  kind: 'lexical',
};

/**
 * The embedder that needs no model and no network: it finds words and their forms, not meanings. The same text has the
 * same vector on every machine.
 */
export function createLexicalEmbedder(): Embedder {
  return {
    model,
    async embed(texts, { signal }) {
      const vectors: Float32Array[] = [];
      for (const text of texts) {
        signal?.throwIfAborted();
        vectors.push(lexicalVector(text));
        if (vectors.length % TEXTS_PER_TURN === 0) await nextTurn();
      }
      return vectors;
    },
  };
}

/** The unit vector of a text: each word and each of its parts adds to or takes from the places its hash names. */
export function lexicalVector(text: string): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  // Forgotten whole when there are too many: the common words are back at once.
  if (knownWords.size > KNOWN_WORDS_MAX) knownWords.clear();
  const seen: KnownWord[] = [];
  visitWords(text, (word) => {
    const known = knownWords.get(word) ?? learn(word);
    if (known.count === 0) seen.push(known);
    known.count += 1;
  });
  for (const word of seen) {
    addWord(vector, word);
    word.count = 0;
  }
  return normalise(vector) ? vector : blankVector(DIMENSIONS);
}

function addWord(vector: Float32Array, { places, weights, count }: KnownWord): void {
  const tf = 1 + Math.log(count);
  for (let at = 0; at < places.length; at += 1) {
    const place = places[at] ?? 0;
    vector[place] = (vector[place] ?? 0) + (weights[at] ?? 0) * tf;
  }
}

/** Where in the vector a word shows, and how much. */
interface WordFeatures {
  readonly places: Uint16Array;
  readonly weights: Float32Array;
}

/** A word that was met before. */
interface KnownWord extends WordFeatures {
  /** How often the text at hand has it; 0 between two texts. */
  count: number;
}

const KNOWN_WORDS_MAX = 50_000;
const knownWords = new Map<string, KnownWord>();

function learn(word: string): KnownWord {
  const known = { ...computeFeatures(word), count: 0 };
  // A copy, for a slice would keep the whole text alive.
  knownWords.set(Buffer.from(word, 'utf16le').toString('utf16le'), known);
  return known;
}

function computeFeatures(word: string): WordFeatures {
  const weight = weightOf(word);
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
  for (let place = 0; place < PLACES_PER_WORD; place += 1) add(hashOf(word, 0, word.length, place), wordWeight);
  for (const units of GRAM_UNITS) {
    for (let at = 0; at + units <= marked.length; at += 1) {
      add(hashOf(marked, at, at + units, PLACES_PER_WORD), gramWeight);
    }
  }
  return { places: Uint16Array.from(places), weights: Float32Array.from(weights) };
}

/** Short words say little in most languages, and symbols less: what stands in for counting the words of all texts. */
function weightOf(word: string): number {
  if (!/[\p{L}\p{N}]/u.test(word)) return SYMBOL_WEIGHT;
  if (word.charCodeAt(0) > 0x2e7f) return 1;
  return Math.min(1, word.length / 6) ** 2;
}

/** FNV-1a over UTF-16 units, with its bits mixed at the end: the low ones alone would be poor. */
function hashOf(text: string, start: number, end: number, seed: number): number {
  let hash = 0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1);
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
