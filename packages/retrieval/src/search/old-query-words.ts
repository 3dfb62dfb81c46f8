/** More words than a real query has: a pasted page is searched by its first ones. */
const WORDS_MAX = 64;
const WORD_LENGTH_MAX = 128;

/** The words of a query, each once, as they are indexed: letters, digits and their marks, in lower case. */
export function oldQueryWords(query: string): string[] {
  const words = new Set<string>();
  for (const [word] of query.matchAll(/[\p{L}\p{N}\p{M}\p{Co}]+/gu)) {
    words.add(word.toLowerCase().slice(0, WORD_LENGTH_MAX));
    if (words.size === WORDS_MAX) break;
  }
  return [...words];
}
