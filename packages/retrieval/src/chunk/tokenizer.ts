import { BytePairEncodingCore } from 'gpt-tokenizer/BytePairEncodingCore';
import ranks from 'gpt-tokenizer/bpeRanks/cl100k_base';
import { Cl100KBase } from 'gpt-tokenizer/encodingParams/cl100k_base';
import { createPieceTable } from '../words/piece-table.ts';
import { splitWindows } from './split-pieces.ts';

/** The vocabulary of OpenAI's embedding models. Texts that look like special tokens are ordinary text. */
const vocabulary = new BytePairEncodingCore({ ...Cl100KBase(ranks), mergeCacheSize: 0 });
const bytesOfToken = Uint8Array.from(ranks, (token) =>
  typeof token === 'string' ? Buffer.byteLength(token) : token.length,
);

/** A token that ends within a character: the text cannot be split there. */
export const NO_BOUNDARY = 0xffffffff;

/** Where the tokens of a piece end, in UTF-16 units from its start. */
const endsWithin = createPieceTable((piece) => Uint32Array.from(computeEnds(piece)));

/** Where each token of the text ends, in UTF-16 units from its start; NO_BOUNDARY for an end within a character. */
export function* tokenEnds(text: string): Generator<number> {
  for (const ends of tokenEndsByWindow(text)) yield* ends;
}

/** The same, some thousands at a time. */
export function* tokenEndsByWindow(text: string): Generator<readonly number[]> {
  let offset = 0;
  for (const window of splitWindows(text)) {
    const found: number[] = [];
    let start = 0;
    for (const end of window.ends) {
      for (const within of endsWithin.get(window.text, start, end))
        found.push(within === NO_BOUNDARY ? within : offset + start + within);
      start = end;
    }
    offset += start;
    yield found;
  }
}

/** The text of token ids of OpenAI's embedding models; undefined: one of them is no token of theirs. */
export function decodeTokens(ids: readonly number[]): string | undefined {
  const pieces: Uint8Array[] = [];
  for (const id of ids) {
    const token = ranks[id];
    if (token === undefined) return undefined;
    pieces.push(typeof token === 'string' ? Buffer.from(token) : Uint8Array.from(token));
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Tokens of a text as OpenAI's embedding models count them. */
export function countTokens(text: string): number {
  let count = 0;
  for (const ends of tokenEndsByWindow(text)) count += ends.length;
  return count;
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
