import { isCommonWord } from './common-words.ts';

/**
 * Chunks that are assumed in addition to those of the store, so that even a store of one file has an estimate of what
 * is common.
 */
const ASSUMED_CHUNKS = 100;
/** Assumed shares of chunks that have a word, by what is known without any store. */
const ASSUMED_SHARE = { common: 0.6, kana: 0.25, short: 0.05, other: 0.005 } as const;
/** A word in a smaller share of chunks has full weight: below it, rarity says nothing about relevance. */
const FULL_WEIGHT_SHARE = 0.02;
const KANA_ONLY = /^\p{Script=Hiragana}+$/u;

/**
 * The weight of a word in a query, above 0 and up to 1: by the share of chunks that have it, which does not change with
 * the size of a store. A word in no chunk has full weight.
 */
export function wordWeight(word: string, rowsWith: number, rowCount: number): number {
  const share = (rowsWith + ASSUMED_CHUNKS * assumedShare(word)) / (rowCount + ASSUMED_CHUNKS);
  return Math.min(1, Math.log(Math.min(1, share) * 0.98) / Math.log(FULL_WEIGHT_SHARE * 0.98));
}

/** The assumed share of all texts that have a word. */
function assumedShare(word: string): number {
  if (isCommonWord(word)) return ASSUMED_SHARE.common;
  // Endings and particles; other words are written in other scripts or are longer.
  if (KANA_ONLY.test(word)) return ASSUMED_SHARE.kana;
  return word.length <= 2 && word.charCodeAt(0) < 0x2e80 ? ASSUMED_SHARE.short : ASSUMED_SHARE.other;
}
