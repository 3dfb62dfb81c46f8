import type { NumberedWords } from '../../words/word-stream.ts';
import { occurrenceByte } from './occurrence-byte.ts';
import type { DecodedList } from './posting-list.ts';

/** Postings of several chunks, by word. */
export interface CollectedPostings extends DecodedList {
  /** The hashes of the words, ascending. */
  readonly hashes: Uint32Array;
  /** Where the postings of each word end; they begin where those of the word before end. */
  readonly ends: Uint32Array;
}

/** Collects which chunks have which words; after `finish` or `clear` it starts again. */
export interface PostingCollector {
  /** A chunk after all others, by its distance from the first id, and its words. */
  add(id: number, words: NumberedWords): void;
  postingCount(): number;
  finish(): CollectedPostings;
  clear(): void;
}

const FREE = 0;
/** A power of two. */
const PLACES_AT_FIRST = 1024;
/** Words of one collection: their numbers fit into a sort key next to a hash. */
const TERM_FACTOR = 2 ** 21;

/** Creates an empty collector. */
export function createPostingCollector(): PostingCollector {
  /** By the low bits of a hash: the number of a word, from 1. */
  let places = new Int32Array(PLACES_AT_FIRST);
  let hashOf = new Uint32Array(PLACES_AT_FIRST / 2);
  /** The posting of a word's latest chunk, from 1. */
  let latest = new Int32Array(PLACES_AT_FIRST / 2);
  let termCount = 0;
  /** By the number of a word: its term, from 1; 0: not seen yet. */
  let termOfNumber = new Int32Array(PLACES_AT_FIRST);
  let generation = -1;
  let terms = new Uint32Array(PLACES_AT_FIRST);
  let ids = new Uint32Array(PLACES_AT_FIRST);
  /** The count; the occurrence byte once the chunk is complete. */
  let counts = new Uint32Array(PLACES_AT_FIRST);
  let postingCount = 0;

  const growTerms = (): void => {
    hashOf = longer(hashOf);
    latest = longer(latest);
    const length = places.length * 2;
    places = new Int32Array(length);
    for (let term = 0; term < termCount; term += 1) {
      let place = (hashOf[term] as number) & (length - 1);
      while (places[place] !== FREE) place = (place + 1) & (length - 1);
      places[place] = term + 1;
    }
  };

  const termOf = (hash: number): number => {
    const mask = places.length - 1;
    let place = hash & mask;
    for (let term = places[place] as number; term !== FREE; term = places[place] as number) {
      if (hashOf[term - 1] === hash) return term - 1;
      place = (place + 1) & mask;
    }
    if (termCount === hashOf.length) {
      growTerms();
      return termOf(hash);
    }
    hashOf[termCount] = hash;
    termCount += 1;
    places[place] = termCount;
    return termCount - 1;
  };

  const clear = (): void => {
    places.fill(FREE);
    latest.fill(0, 0, termCount);
    termOfNumber.fill(0);
    termCount = 0;
    postingCount = 0;
  };

  return {
    clear,
    add(id, { numbers, count, hashes, generation: generationNow }) {
      if (termOfNumber.length < hashes.length) termOfNumber = new Int32Array(hashes.length);
      else if (generationNow !== generation) termOfNumber.fill(0);
      generation = generationNow;
      const first = postingCount;
      while (terms.length < first + count) {
        terms = longer(terms);
        ids = longer(ids);
        counts = longer(counts);
      }
      for (let at = 0; at < count; at += 1) {
        const number = numbers[at] as number;
        let term = (termOfNumber[number] as number) - 1;
        if (term < 0) {
          term = termOf(hashes[number] as number);
          termOfNumber[number] = term + 1;
        }
        const posting = (latest[term] as number) - 1;
        if (posting >= first) {
          counts[posting] = (counts[posting] as number) + 1;
          continue;
        }
        terms[postingCount] = term;
        ids[postingCount] = id;
        counts[postingCount] = 1;
        postingCount += 1;
        latest[term] = postingCount;
      }
      for (let at = first; at < postingCount; at += 1) counts[at] = occurrenceByte(counts[at] as number, count);
    },
    postingCount: () => postingCount,
    finish() {
      const order = new Float64Array(termCount);
      for (let term = 0; term < termCount; term += 1) order[term] = (hashOf[term] as number) * TERM_FACTOR + term;
      order.sort();
      const hashes = new Uint32Array(termCount);
      const rankOf = new Uint32Array(termCount);
      for (let rank = 0; rank < termCount; rank += 1) {
        const term = (order[rank] as number) % TERM_FACTOR;
        hashes[rank] = hashOf[term] as number;
        rankOf[term] = rank;
      }
      const ends = new Uint32Array(termCount);
      for (let at = 0; at < postingCount; at += 1) {
        const rank = rankOf[terms[at] as number] as number;
        ends[rank] = (ends[rank] as number) + 1;
      }
      let sum = 0;
      for (let rank = 0; rank < termCount; rank += 1) {
        const count = ends[rank] as number;
        ends[rank] = sum;
        sum += count;
      }
      const sorted = { ids: new Uint32Array(postingCount), occurrences: new Uint8Array(postingCount) };
      for (let at = 0; at < postingCount; at += 1) {
        const rank = rankOf[terms[at] as number] as number;
        const to = ends[rank] as number;
        ends[rank] = to + 1;
        sorted.ids[to] = ids[at] as number;
        sorted.occurrences[to] = counts[at] as number;
      }
      clear();
      return { hashes, ends, ids: sorted.ids, occurrences: sorted.occurrences };
    },
  };
}

function longer<T extends Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(numbers: T): T {
  const grown = (
    numbers instanceof Int32Array ? new Int32Array(numbers.length * 2) : new Uint32Array(numbers.length * 2)
  ) as T;
  grown.set(numbers);
  return grown;
}
