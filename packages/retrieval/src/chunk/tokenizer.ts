import { BytePairEncodingCore } from 'gpt-tokenizer/BytePairEncodingCore';
import ranks from 'gpt-tokenizer/bpeRanks/cl100k_base';
import { Cl100KBase } from 'gpt-tokenizer/encodingParams/cl100k_base';
import { splitPieces } from './split-pieces.ts';

/** The vocabulary of OpenAI's embedding models. Texts that look like special tokens are text here. */
const vocabulary = new BytePairEncodingCore({ ...Cl100KBase(ranks), mergeCacheSize: 0 });
const bytesOfToken = Uint8Array.from(ranks, (token) =>
  typeof token === 'string' ? Buffer.byteLength(token) : token.length,
);

/** A token that ends within a character: the text cannot be cut there. */
export const NO_BOUNDARY = 0xffffffff;

const CACHED_PIECES_MAX = 50_000;
const cachedEnds = new Map<string, readonly number[]>();

/** Where each token of the text ends, in UTF-16 units from its start; NO_BOUNDARY for an end within a character. */
export function* tokenEnds(text: string): Generator<number> {
  let start = 0;
  for (const piece of splitPieces(text)) {
    for (const end of endsWithin(piece)) yield end === NO_BOUNDARY ? end : start + end;
    start += piece.length;
  }
}

/** Tokens of a text as OpenAI's embedding models count them. */
export function countTokens(text: string): number {
  let count = 0;
  for (const piece of splitPieces(text)) count += endsWithin(piece).length;
  return count;
}

function endsWithin(piece: string): readonly number[] {
  const known = cachedEnds.get(piece);
  if (known !== undefined) return known;
  const ends = computeEnds(piece);
  // Cleared whole when full: cheaper than an order of use, and the common words are back at once.
  if (cachedEnds.size >= CACHED_PIECES_MAX) cachedEnds.clear();
  // A copy, for a slice would keep the whole text alive.
  cachedEnds.set(Buffer.from(piece, 'utf16le').toString('utf16le'), ends);
  return ends;
}

function computeEnds(piece: string): number[] {
  const unitsAtByte = boundariesOf(piece);
  let bytes = 0;
  return vocabulary.encodeNative(piece).map((token) => {
    bytes += bytesOfToken[token] ?? 0;
    return unitsAtByte.get(bytes) ?? NO_BOUNDARY;
  });
}

/** From an offset in UTF-8 bytes to the same in UTF-16 units, for the ends of characters. */
function boundariesOf(piece: string): Map<number, number> {
  const boundaries = new Map<number, number>();
  let bytes = 0;
  let units = 0;
  for (const char of piece) {
    bytes += Buffer.byteLength(char);
    units += char.length;
    boundaries.set(bytes, units);
  }
  return boundaries;
}
