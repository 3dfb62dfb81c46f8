import { isCommonWord } from '../words/common-words.ts';
import { wordWeight } from '../words/word-weight.ts';
import type { QueryTerm } from './query-terms.ts';

/** A prepared query that scores texts by their words. */
export interface WordScorer {
  /** The share of each term in the query's weight, 0..1. */
  readonly shares: readonly number[];
  /** From 0, when the text has no word of the query, to 1. `stream` has the hashes of the text's words. */
  score(stream: Uint32Array): number;
}

/** How much less one occurrence counts than many: little in a short text, more in a long one. */
const SATURATION = { base: 0.08, perWord: 0.0005 } as const;
/** The share of proximity in the score. */
const PROXIMITY_SHARE = 0.2;
/** Words this far apart count half as much as neighbours. */
const PROXIMITY_HALF = 12;
/** The factor for parts of a word that are all there, but not one after the other. */
const SCATTERED = 0.4;
const HASH_MASK = 0xfff;

/** The share of a word's weight for a text with so many occurrences among so many words, 0..1. */
export function presenceOf(count: number, wordCount: number): number {
  return count / (count + SATURATION.base + SATURATION.perWord * wordCount);
}

interface Slot {
  readonly term: number;
  /** -1: the word itself. */
  readonly part: number;
}

/**
 * Scores texts by a query's words: the share of the query's weight that the text has, each word weighted by its rarity
 * and its occurrences, and a fifth of that for proximity. A word that no text has counts as missing, so nonsense scores
 * 0 and half a query scores about half. `rowsWith` and `rowCount` tell how common words are in the store.
 */
export function createWordScorer(
  terms: readonly QueryTerm[],
  rowsWith: (word: string) => number,
  rowCount: number,
): WordScorer {
  const weights = terms.map((term) => weightOf(term, rowsWith, rowCount));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const slots = new Map<number, Slot[]>();
  /** By the low bits of a hash: 0 means that it is no word of the query, as for nearly all words of a text. */
  const mayBeAsked = new Uint8Array(HASH_MASK + 1);
  const addSlot = (hash: number, slot: Slot) => {
    slots.set(hash, [...(slots.get(hash) ?? []), slot]);
    mayBeAsked[hash & HASH_MASK] = 1;
  };
  for (const [term, { hash, parts }] of terms.entries()) {
    addSlot(hash, { term, part: -1 });
    for (const [part, { hash: partHash }] of parts.entries()) addSlot(partHash, { term, part });
  }
  const isContent = terms.map(({ word }) => !isCommonWord(word));
  /** The content word before each content word. */
  const previous = terms.map((_, at) => (isContent[at] ? isContent.lastIndexOf(true, at - 1) : -1));
  if (terms.length > 0) previous[0] = -1;
  const next = terms.map((_, at) => previous.indexOf(at));
  // A scorer is used for hundreds of texts, so its buffers are allocated once.
  const counts = new Float64Array(terms.length);
  const lastAt = new Int32Array(terms.length);
  const gaps = new Int32Array(terms.length);
  const partCounts = terms.map(({ parts }) => new Float64Array(parts.length));
  const progress = terms.map(() => ({ part: 0, at: 0 }));

  function note(term: number, at: number): void {
    counts[term] = (counts[term] ?? 0) + 1;
    lastAt[term] = at;
    for (const [pair, other] of [
      [term, previous[term] ?? -1],
      [next[term] ?? -1, next[term] ?? -1],
    ] as const) {
      if (pair < 0 || other < 0 || (lastAt[other] ?? -1) < 0) continue;
      gaps[pair] = Math.min(gaps[pair] ?? 0, at - (lastAt[other] ?? 0));
    }
  }

  function notePart(term: number, part: number, at: number): void {
    const counted = partCounts[term];
    const chain = progress[term];
    if (counted === undefined || chain === undefined) return;
    counted[part] = (counted[part] ?? 0) + 1;
    // A word with parts of its own may be in between.
    const isNext = part === chain.part && (part === 0 || at - chain.at <= 2);
    chain.part = isNext ? part + 1 : part === 0 ? 1 : 0;
    chain.at = at;
    if (chain.part < counted.length) return;
    chain.part = 0;
    // The whole word was counted already if the parts follow it.
    if ((counts[term] ?? 0) === 0 || at - (lastAt[term] ?? 0) > counted.length) note(term, at);
  }

  return {
    shares: weights.map((weight) => (total === 0 ? 0 : weight / total)),
    score(stream) {
      if (total === 0) return 0;
      counts.fill(0);
      lastAt.fill(-1);
      gaps.fill(FAR);
      for (const counted of partCounts) counted.fill(0);
      for (const chain of progress) chain.part = 0;
      let isAny = false;
      for (let at = 0; at < stream.length; at += 1) {
        const hash = stream[at] ?? 0;
        if (mayBeAsked[hash & HASH_MASK] === 0) continue;
        const found = slots.get(hash);
        if (found === undefined) continue;
        isAny = true;
        for (const { term, part } of found) {
          if (part < 0) note(term, at);
          else notePart(term, part, at);
        }
      }
      if (!isAny) return 0;
      const presence = (count: number) => presenceOf(count, stream.length);
      let sum = 0;
      let near = 0;
      let pairs = 0;
      for (let term = 0; term < terms.length; term += 1) {
        const weight = weights[term] ?? 0;
        const count = counts[term] ?? 0;
        const parts = partCounts[term];
        const scattered = parts === undefined || parts.length === 0 ? 0 : scatteredIn(parts, presence);
        sum += weight * Math.max(presence(count), scattered);
        const before = previous[term] ?? -1;
        if (before < 0) continue;
        const pairWeight = weight + (weights[before] ?? 0);
        pairs += pairWeight;
        const gap = gaps[term] ?? FAR;
        if (gap < FAR) near += pairWeight / (1 + Math.max(0, gap - 1) / PROXIMITY_HALF);
      }
      const coverage = sum / total;
      return coverage * (1 - PROXIMITY_SHARE + PROXIMITY_SHARE * (pairs === 0 ? 1 : near / pairs));
    },
  };
}

const FAR = 0x7fffffff;

function scatteredIn(parts: Float64Array, presence: (count: number) => number): number {
  let sum = 0;
  for (const count of parts) sum += presence(count);
  return (SCATTERED * sum) / parts.length;
}

/** A word with parts is as rare as its rarest part when the store has it only in parts. */
function weightOf({ word, parts }: QueryTerm, rowsWith: (word: string) => number, rowCount: number): number {
  const own = wordWeight(word, rowsWith(word), rowCount);
  if (parts.length === 0 || rowsWith(word) > 0) return own;
  return Math.max(...parts.map((part) => wordWeight(part.word, rowsWith(part.word), rowCount)));
}
