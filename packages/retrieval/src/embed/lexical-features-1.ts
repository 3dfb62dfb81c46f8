const WORDS = /[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu;
/** The same for plain ASCII in lower case, at a third of the time. */
const ASCII_WORDS = /[a-z0-9]+|[^\sa-z0-9]/g;
const ASCII_ONLY = /^[\s -~]*$/;
const ACCENTS = /[\u0300-\u036f]/g;
/** Written without spaces: what looks like one word is a sentence, so its pairs of characters are its words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Longer ones are data, not words; their beginning is enough to find them. */
const WORD_UNITS_MAX = 64;

/**
 * The words of version 1 of the lexical embedder: every word and every lone symbol of a text in order. Kept unchanged,
 * so that stores it made can be searched until they are re-embedded.
 */
export function visitWords1(text: string, visit: (word: string) => void): void {
  const plain = folded(text);
  const hasUnspaced = UNSPACED.test(plain);
  for (const match of plain.match(ASCII_ONLY.test(plain) ? ASCII_WORDS : WORDS) ?? []) {
    if (hasUnspaced && UNSPACED.test(match)) for (const pair of pairsOf(match)) visit(pair);
    else visit(match.length > WORD_UNITS_MAX ? match.slice(0, WORD_UNITS_MAX) : match);
  }
}

/** Upper case first: it maps ß to ss and both forms of sigma to one. */
function folded(text: string): string {
  if (ASCII_ONLY.test(text)) return text.toLowerCase();
  return text.normalize('NFKD').replace(ACCENTS, '').toUpperCase().toLowerCase().normalize('NFC');
}

function* pairsOf(run: string): Generator<string> {
  const chars = Array.from(run);
  if (chars.length === 1) yield run;
  for (let at = 0; at + 1 < chars.length; at += 1) yield `${chars[at]}${chars[at + 1]}`;
}

/** Short words carry little meaning, and symbols less. */
export function weightOf1(word: string): number {
  if (!/[\p{L}\p{N}]/u.test(word)) return 0.1;
  if (word.charCodeAt(0) > 0x2e7f) return 1;
  return Math.min(1, word.length / 6) ** 2;
}
