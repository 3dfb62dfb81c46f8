import { COMMA, classOf, IDEOGRAPH, LETTER, OTHER, PICTURE, SEAM, SYLLABLE, UNSPACED_LETTER } from './char-class.ts';
import { foldText, JOINT } from './fold-text.ts';

/** A word with its parts: `E-1234` is `e1234` with `e` and `1234`. Most words have no parts. */
export interface SplitWord {
  readonly word: string;
  readonly parts: readonly string[] | null;
}

const SEAMS = /[-_.'/@&+,\u2063\u05f3\u05f4\u00b7]+/;
/** `RE2024` and `RE 2024`, `250mg` and `250 mg`. */
const LETTERS_AND_DIGITS = /^(?:([a-z]{2,})([0-9]{2,})|([0-9]{2,})([a-z]{2,}))$/;
/** Longer ones are data, not words; their beginning is enough to find them. */
const WORD_UNITS_MAX = 64;
/** A path or an address has many parts, and is searched by them rather than as a whole. */
const PARTS_MAX = 6;

/** The words of a query: of a run without spaces only the longer parts, which are the most specific. */
export function queryWords(query: string): SplitWord[] {
  const words: SplitWord[] = [];
  split(foldText(query), false, (word, parts) => words.push({ word, parts }));
  return words;
}

/**
 * The words of a piece of a text, which has no white space, as they are indexed; a word with parts is followed by
 * these. Scripts without spaces give every run of two or three characters, and also the shorter ones, so that a short
 * query finds them.
 */
export function pieceWords(piece: string): string[] {
  const words: string[] = [];
  split(foldText(piece), true, (word, parts) => {
    words.push(word);
    if (parts !== null) for (const part of parts) words.push(part);
  });
  return words;
}

type Add = (word: string, parts: readonly string[] | null) => void;

/** Splits a folded text: words of spaced scripts with their seams, and runs of the others. */
function split(folded: string, isText: boolean, add: Add): void {
  let start = -1;
  let hasSeam = false;
  let before = OTHER;
  const end = (at: number): void => {
    if (start >= 0) addSpaced(folded.slice(start, at), hasSeam, isText, add);
    start = -1;
    hasSeam = false;
  };
  for (let at = 0; at < folded.length; ) {
    const codePoint = folded.codePointAt(at) ?? 0;
    const units = codePoint > 0xffff ? 2 : 1;
    const found = classOf(codePoint);
    if (found === LETTER) {
      if (start < 0) start = at;
      at += units;
    } else if (start >= 0 && isSeam(folded, at, found, before)) {
      hasSeam = true;
      at += units;
    } else {
      end(at);
      if (found === PICTURE) add(folded.slice(at, at + units), null);
      at = isUnspaced(found) ? addRun(folded, at, isText, add) : at + units;
    }
    before = found;
  }
  end(folded.length);
}

/** A seam has a letter or digit on both sides; a comma digits only. */
function isSeam(folded: string, at: number, found: number, before: number): boolean {
  if (before !== LETTER || classOf(folded.codePointAt(at + 1) ?? 0) !== LETTER) return false;
  return (
    found === SEAM || (found === COMMA && isDigit(folded.charCodeAt(at - 1)) && isDigit(folded.charCodeAt(at + 1)))
  );
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function isUnspaced(found: number): boolean {
  return found === IDEOGRAPH || found === SYLLABLE || found === UNSPACED_LETTER;
}

function addSpaced(word: string, hasSeam: boolean, isText: boolean, add: Add): void {
  if (!hasSeam) {
    const parts = /[0-9]/.test(word) ? LETTERS_AND_DIGITS.exec(word) : null;
    const [, letters, digits, digitsFirst, lettersLast] = parts ?? [];
    const pair = parts === null ? null : [cut(letters ?? digitsFirst ?? ''), cut(digits ?? lettersLast ?? '')];
    add(cut(word), pair);
    return;
  }
  // Parts around an apostrophe are words of their own: l'été is found by été, and must find it.
  if (!isText && word.includes("'")) {
    for (const part of word.split("'")) addSpaced(part, SEAMS.test(part), isText, add);
    return;
  }
  const parts = word.split(SEAMS).filter((part) => part !== '');
  const whole = parts.join('');
  if (parts.length > 1 && parts.length <= PARTS_MAX && whole.length <= WORD_UNITS_MAX) add(whole, parts);
  else for (const part of parts) add(cut(part), null);
}

/** Keeps surrogate pairs whole. */
function cut(word: string): string {
  if (word.length <= WORD_UNITS_MAX) return word;
  const isInsidePair = (word.charCodeAt(WORD_UNITS_MAX - 1) & 0xfc00) === 0xd800;
  return word.slice(0, isInsidePair ? WORD_UNITS_MAX - 1 : WORD_UNITS_MAX);
}

/** Adds the parts of the run that begins here, and returns where it ends. */
function addRun(folded: string, from: number, isText: boolean, add: Add): number {
  const size = sizeOf(classOf(folded.codePointAt(from) ?? 0));
  let run = '';
  const starts: number[] = [];
  let at = from;
  while (at < folded.length) {
    const codePoint = folded.codePointAt(at) ?? 0;
    const units = codePoint > 0xffff ? 2 : 1;
    // Invisible word breaks are not typed in a query, and do not split a run.
    if (folded[at] !== JOINT) {
      if (sizeOf(classOf(codePoint)) !== size) break;
      starts.push(run.length);
      run += folded.slice(at, at + units);
    }
    at += units;
  }
  addGrams(run, starts, { size, isText }, add);
  return at;
}

/** How many characters of a class are a part of a word. */
function sizeOf(found: number): number {
  if (found === UNSPACED_LETTER) return 3;
  return found === IDEOGRAPH || found === SYLLABLE ? 2 : 0;
}

function addGrams(
  run: string,
  starts: readonly number[],
  { size, isText }: { readonly size: number; readonly isText: boolean },
  add: Add,
): void {
  const count = starts.length;
  if (count < size) {
    add(run, null);
    return;
  }
  const piece = (at: number, chars: number) => run.slice(starts[at], starts[at + chars] ?? run.length);
  for (let at = 0; at < count; at += 1) {
    // A single kana or Hangul syllable carries no meaning, a single ideograph does.
    const isShortTelling = size === 3 ? at + 2 <= count : classOf(run.codePointAt(starts[at] ?? 0) ?? 0) === IDEOGRAPH;
    if (isText && isShortTelling) add(piece(at, size - 1), null);
    if (at + size <= count) add(piece(at, size), null);
  }
}
