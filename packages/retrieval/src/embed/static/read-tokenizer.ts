import { jsonPart } from './json-part.ts';
import { ModelFolderError } from './model-folder-error.ts';
import { readNormalizer } from './normalizer.ts';
import { readPreTokenizer, splitBefore } from './pre-tokenizer.ts';
import { PIECE_UNITS_MAX, readModelOf, type TokenModel } from './token-model.ts';

/** Text in, token ids out, without tokens that only mark a beginning or an end. */
export interface Tokenizer {
  readonly model: Pick<TokenModel, 'unknownId' | 'vocabularySize' | 'idMax'>;
  encode(text: string): number[];
}

const SPACE_MARK = '\u2581';
const KNOWN_PIECES_MAX = 100_000;
const KNOWN_UNITS_MAX = 40;

/**
 * Reads a tokenizer.json of the library `tokenizers`. Texts that look like special tokens are ordinary text, so that a
 * document cannot inject any. Throws ModelFolderError.
 */
export function readTokenizer(json: string): Tokenizer {
  const root = jsonPart(parse(json), 'the file');
  const normalize = readNormalizer(root.part('normalizer'));
  const preTokenize = readPreTokenizer(root.part('pre_tokenizer'));
  const model = readModelOf(root);
  // No token spans a space, so a text can be split there, and its words cached.
  const isSplitAtSpaces = !model.hasInside(SPACE_MARK);
  const known = new Map<string, readonly number[]>();

  const idsOf = (piece: string): readonly number[] => {
    if (piece.length > KNOWN_UNITS_MAX) return encodeLong(model, piece);
    const met = known.get(piece);
    if (met !== undefined) return met;
    const ids = model.encode(piece);
    // Cleared completely when there are too many: the common ones are soon back.
    if (known.size >= KNOWN_PIECES_MAX) known.clear();
    // A copy, because a slice would keep the whole text alive.
    known.set(Buffer.from(piece, 'utf16le').toString('utf16le'), ids);
    return ids;
  };

  return {
    model,
    encode(text) {
      const ids: number[] = [];
      for (const piece of preTokenize(normalize(text))) {
        const words = isSplitAtSpaces && piece.includes(SPACE_MARK) ? splitBefore(piece, SPACE_MARK) : [piece];
        for (const word of words) for (const id of idsOf(word)) ids.push(id);
      }
      return ids;
    },
  };
}

function encodeLong(model: TokenModel, piece: string): readonly number[] {
  if (piece.length <= PIECE_UNITS_MAX) return model.encode(piece);
  const ids: number[] = [];
  for (let from = 0; from < piece.length; ) {
    const end = Math.min(piece.length, from + PIECE_UNITS_MAX);
    const isInsidePair = end < piece.length && (piece.charCodeAt(end - 1) & 0xfc00) === 0xd800;
    const to = isInsidePair ? end - 1 : end;
    for (const id of model.encode(piece.slice(from, to))) ids.push(id);
    from = to;
  }
  return ids;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ModelFolderError('tokenizer.json is not JSON. Fetch the model again.');
  }
}
