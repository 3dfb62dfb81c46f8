import { CL100K_TOKEN_SPLIT_REGEX } from 'gpt-tokenizer/encodingParams/constants';

/**
 * Merging bytes into tokens takes time quadratic in a piece's length, so longer pieces are split first. No word is that
 * long; for the rest (a line of `=`, a megabyte without a space) the tokens differ slightly from the model's.
 */
export const PIECE_UNITS_MAX = 128;

/** The pattern is run on a window, so that stack and backtracking do not grow with the length of a run. */
const WINDOW_UNITS = 8192;

/** The pattern at one position. */
const ONE_PIECE = new RegExp(CL100K_TOKEN_SPLIT_REGEX.source, 'uy');

/** A part of a text with the end offsets of its pieces. The first begins at 0. */
export interface SplitWindow {
  readonly text: string;
  readonly ends: readonly number[];
}

/**
 * The pieces of a text that tokens never span, in order and without gaps: the tokenizer's own words, window by window.
 * Takes linear time.
 */
export function* splitWindows(text: string, windowUnits = WINDOW_UNITS): Generator<SplitWindow> {
  let start = 0;
  while (start < text.length) {
    const end = charBoundary(text, Math.min(start + windowUnits, text.length));
    const window = text.slice(start, end);
    const ends = pieceEnds(window);
    // The text after the window may lengthen its last piece, or take a part of the white space before it.
    if (end < text.length && ends.length >= 3) ends.length -= 2;
    start += ends.at(-1) ?? window.length;
    yield { text: window, ends: withCuts(window, ends) };
  }
}

/**
 * Where the pieces of the pattern end. Words of ASCII letters and digits, which most texts consist of, are found
 * without it.
 */
function pieceEnds(text: string): number[] {
  const ends: number[] = [];
  let at = 0;
  while (at < text.length) {
    at = plainEnd(text, at) ?? patternEnd(text, at);
    ends.push(at);
  }
  return ends;
}

/** The end of a piece that begins here, if ASCII characters decide it; null: use the pattern. */
function plainEnd(text: string, start: number): number | null {
  const first = text.charCodeAt(start);
  if (isDigit(first)) {
    let end = start + 1;
    while (end < start + DIGITS_MAX && isDigit(text.charCodeAt(end))) end += 1;
    return end < start + DIGITS_MAX && text.charCodeAt(end) >= ASCII_END ? null : end;
  }
  const second = text.charCodeAt(start + 1);
  if (first === SPACE && isDigit(second)) return start + 1;
  if (!isLetter(first) && !(isLead(first) && isLetter(second))) return null;
  let end = start + 1;
  while (isLetter(text.charCodeAt(end))) end += 1;
  return text.charCodeAt(end) >= ASCII_END ? null : end;
}

function patternEnd(text: string, start: number): number {
  ONE_PIECE.lastIndex = start;
  // The pattern covers every text; if it ever does not, one unit is a piece.
  return ONE_PIECE.test(text) ? ONE_PIECE.lastIndex : start + 1;
}

const DIGITS_MAX = 3;
const ASCII_END = 0x80;
const SPACE = 0x20;
const APOSTROPHE = 0x27;

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function isLetter(unit: number): boolean {
  const upper = unit & ~0x20;
  return upper >= 0x41 && upper <= 0x5a && unit < ASCII_END;
}

/** One character may precede the letters of a word; an apostrophe may begin a contraction instead. */
function isLead(unit: number): boolean {
  return unit < ASCII_END && unit !== 0x0d && unit !== 0x0a && unit !== APOSTROPHE && !isDigit(unit);
}

/** The same ends, with additional ones in pieces that are too long. */
function withCuts(text: string, ends: number[]): readonly number[] {
  let start = 0;
  let isLong = false;
  for (const end of ends) {
    isLong ||= end - start > PIECE_UNITS_MAX;
    start = end;
  }
  if (!isLong) return ends;
  const cut: number[] = [];
  start = 0;
  for (const end of ends) {
    while (end - start > PIECE_UNITS_MAX) {
      start = charBoundary(text, start + PIECE_UNITS_MAX);
      cut.push(start);
    }
    cut.push(end);
    start = end;
  }
  return cut;
}

/** The offset, or the one before it when it would split a surrogate pair. */
function charBoundary(text: string, offset: number): number {
  const isInsidePair =
    offset < text.length && isHighSurrogate(text.charCodeAt(offset - 1)) && isLowSurrogate(text.charCodeAt(offset));
  return isInsidePair ? offset - 1 : offset;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
