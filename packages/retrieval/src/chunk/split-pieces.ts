import { CL100K_TOKEN_SPLIT_REGEX } from 'gpt-tokenizer/encodingParams/constants';

/**
 * Merging bytes into tokens costs the square of a piece's length, so longer pieces are cut first. No word is that long;
 * what is (a line drawn with `=`, a megabyte without a space) is tokenised nearly, not exactly, as the model would.
 */
export const PIECE_UNITS_MAX = 128;

/** The pattern is run on a window, so that the length of a run is no measure of its stack or its backtracking. */
const WINDOW_UNITS = 8192;

/** The pieces of a text that tokens never span, in order and without gaps: the tokenizer's own words. Work is linear. */
export function* splitPieces(text: string, windowUnits = WINDOW_UNITS): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const end = charBoundary(text, Math.min(start + windowUnits, text.length));
    const pieces = text.slice(start, end).match(CL100K_TOKEN_SPLIT_REGEX) ?? [];
    // What follows the window may lengthen its last piece, or take a part of the white space before it.
    const certain = end === text.length || pieces.length < 3 ? pieces : pieces.slice(0, -2);
    for (const piece of certain) {
      start += piece.length;
      if (piece.length <= PIECE_UNITS_MAX) yield piece;
      else yield* cut(piece);
    }
  }
}

function* cut(piece: string): Generator<string> {
  let start = 0;
  while (start < piece.length) {
    const end = charBoundary(piece, Math.min(start + PIECE_UNITS_MAX, piece.length));
    yield piece.slice(start, end);
    start = end;
  }
}

/** The offset, or the one before it when it would part a surrogate pair. */
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
