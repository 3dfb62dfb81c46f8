/** The class of a character for splitting words. */
export const OTHER = 0;
/** A letter, mark or digit of a script that puts spaces between words. */
export const LETTER = 1;
/** Joins two words into one: `E-1234`. */
export const SEAM = 2;
/** Han: each character is nearly a word. */
export const IDEOGRAPH = 3;
/** Kana and Hangul syllables: pairs are parts of words. Korean has spaces, but none before its particles. */
export const SYLLABLE = 4;
/** Thai, Lao, Khmer, Burmese: letters without spaces between words; three of them are a part of a word. */
export const UNSPACED_LETTER = 5;
/** A word of its own. */
export const PICTURE = 6;
/** Joins two digits only: `1,000`. */
export const COMMA = 7;

const WORD = /[\p{L}\p{M}\p{N}\p{Co}]/u;
const SEAM_CHAR = /[-_.'/@&+\u2063\u05f3\u05f4\u00b7]/;
const UNSPACED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const HAN = /[\p{Script=Han}\u3005]/u;
const KANA_OR_HANGUL = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u30fc]/u;
const PICTOGRAPH = /\p{Extended_Pictographic}/u;

const UNKNOWN = 255;
/** Filled on demand, up to the last code point. */
const classes = new Uint8Array(0x110000).fill(UNKNOWN);

/** The class of a code point. */
export function classOf(codePoint: number): number {
  const known = classes[codePoint] ?? OTHER;
  if (known !== UNKNOWN) return known;
  const found = computeClass(String.fromCodePoint(codePoint));
  classes[codePoint] = found;
  return found;
}

function computeClass(char: string): number {
  if (char === ',') return COMMA;
  if (SEAM_CHAR.test(char)) return SEAM;
  if (!WORD.test(char)) return PICTOGRAPH.test(char) ? PICTURE : OTHER;
  if (UNSPACED.test(char)) return UNSPACED_LETTER;
  if (HAN.test(char)) return IDEOGRAPH;
  return KANA_OR_HANGUL.test(char) ? SYLLABLE : LETTER;
}
