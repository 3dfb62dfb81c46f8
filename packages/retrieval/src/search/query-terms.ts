import { queryWords } from '../words/split-words.ts';
import { hashWord } from '../words/word-hash.ts';

/** More words than a real query has: a pasted page is searched by its first ones. */
const TERMS_MAX = 64;

/** A word of a query as it is searched. */
export interface QueryTerm {
  readonly word: string;
  readonly hash: number;
  /** Found in this order, one after the other, they match the word. */
  readonly parts: readonly { readonly word: string; readonly hash: number }[];
}

/** The words of a query, each once, in the order of their first occurrence. */
export function queryTerms(query: string): QueryTerm[] {
  const terms = new Map<string, QueryTerm>();
  for (const { word, parts } of queryWords(query)) {
    if (terms.size === TERMS_MAX) break;
    if (!terms.has(word)) terms.set(word, { ...hashed(word), parts: (parts ?? []).map(hashed) });
  }
  return [...terms.values()];
}

function hashed(word: string): { readonly word: string; readonly hash: number } {
  return { word, hash: hashWord(word) };
}

/** Every word of the terms and of their parts, each once. */
export function wordsOfTerms(terms: readonly QueryTerm[]): string[] {
  return [...new Set(terms.flatMap(({ word, parts }) => [word, ...parts.map((part) => part.word)]))];
}
