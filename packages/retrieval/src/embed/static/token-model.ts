import { type JsonPart, jsonPart } from './json-part.ts';
import { ModelFolderError } from './model-folder-error.ts';

/** Splits one piece of a text into tokens. */
export interface TokenModel {
  /** The ids of the tokens of a piece; unknown ones have the unknown id, or are left out if there is none. */
  encode(piece: string): number[];
  /** The id of unknown tokens; null: there is none. */
  readonly unknownId: number | null;
  readonly vocabularySize: number;
  readonly idMax: number;
  /** Whether a token has this mark other than at its beginning. */
  hasInside(mark: string): boolean;
}

/** Longer pieces are split first: merging takes quadratic time, and no word is that long. */
export const PIECE_UNITS_MAX = 200;
const ENCODER = new TextEncoder();

/** The model of tokenizer.json. Throws ModelFolderError for an unknown type or an invalid vocabulary. */
function readTokenModel(part: JsonPart): TokenModel {
  switch (part.type) {
    case 'WordPiece':
      return readWordPiece(part);
    case 'Unigram':
      return readUnigram(part);
    case 'BPE':
      return readBpe(part);
    case 'WordLevel': {
      const { ids, known } = readVocabulary(part);
      const unknownId = ids.get(part.textOr('unk_token', '[UNK]')) ?? null;
      return { ...known, unknownId, encode: (piece) => orNone(ids.get(piece) ?? unknownId) };
    }
    default:
      throw new ModelFolderError(
        `tokenizer.json has a model of type '${part.type}'. WordPiece, Unigram, BPE and WordLevel are supported.`,
      );
  }
}

type Known = Pick<TokenModel, 'vocabularySize' | 'idMax' | 'hasInside'>;

function readVocabulary(part: JsonPart): { ids: ReadonlyMap<string, number>; known: Known } {
  const vocabulary = part.get('vocab');
  if (typeof vocabulary !== 'object' || vocabulary === null || Array.isArray(vocabulary)) {
    throw new ModelFolderError('tokenizer.json has no vocabulary.');
  }
  const ids = new Map<string, number>();
  for (const [token, id] of Object.entries(vocabulary)) {
    if (!Number.isSafeInteger(id) || Number(id) < 0) {
      throw new ModelFolderError(`tokenizer.json gives the token '${token.slice(0, 40)}' an invalid id.`);
    }
    ids.set(token, Number(id));
  }
  return { ids, known: knownOf(ids) };
}

function knownOf(ids: ReadonlyMap<string, number>): Known {
  if (ids.size === 0) throw new ModelFolderError('tokenizer.json has an empty vocabulary.');
  let idMax = 0;
  for (const id of ids.values()) idMax = Math.max(idMax, id);
  return {
    vocabularySize: ids.size,
    idMax,
    hasInside(mark) {
      for (const token of ids.keys()) if (token.indexOf(mark, 1) !== -1) return true;
      return false;
    },
  };
}

/** Repeatedly the longest prefix that is a token; a word that cannot be split so is unknown as a whole. */
function readWordPiece(part: JsonPart): TokenModel {
  const { ids, known } = readVocabulary(part);
  const prefix = part.textOr('continuing_subword_prefix', '##');
  const unknownId = ids.get(part.textOr('unk_token', '[UNK]')) ?? null;
  const charsMax = Number(part.get('max_input_chars_per_word') ?? 100);
  return {
    ...known,
    unknownId,
    encode(piece) {
      const chars = Array.from(piece);
      if (chars.length > charsMax) return orNone(unknownId);
      const tokens: number[] = [];
      for (let from = 0; from < chars.length; ) {
        let to = chars.length;
        let id: number | undefined;
        for (; to > from; to -= 1) {
          id = ids.get(`${from > 0 ? prefix : ''}${chars.slice(from, to).join('')}`);
          if (id !== undefined) break;
        }
        if (id === undefined) return orNone(unknownId);
        tokens.push(id);
        from = to;
      }
      return tokens;
    },
  };
}

/** How much worse than the worst token an unknown character is. */
const UNKNOWN_PENALTY = 10;

/** The tokens with the greatest sum of scores; for equal sums, those with longer tokens first. */
function readUnigram(part: JsonPart): TokenModel {
  const rows = part.get('vocab');
  if (!Array.isArray(rows)) throw new ModelFolderError('tokenizer.json has no vocabulary.');
  const ids = new Map<string, number>();
  const scores = new Float64Array(rows.length);
  let scoreMin = Number.POSITIVE_INFINITY;
  let unitsMax = 1;
  for (const [id, row] of rows.entries()) {
    const [token, score]: unknown[] = Array.isArray(row) ? row : [];
    if (typeof token !== 'string' || typeof score !== 'number' || !Number.isFinite(score)) {
      throw new ModelFolderError(`tokenizer.json has row ${id} of its vocabulary in an unknown form.`);
    }
    ids.set(token, id);
    scores[id] = score;
    scoreMin = Math.min(scoreMin, score);
    unitsMax = Math.max(unitsMax, token.length);
  }
  const given = part.get('unk_id');
  const unknownId = typeof given === 'number' && Number.isSafeInteger(given) && given < rows.length ? given : null;
  const unknownScore = scoreMin - UNKNOWN_PENALTY;
  const bytes = part.flag('byte_fallback', false) ? byteTokens(ids) : null;
  const windowUnits = Math.min(unitsMax, PIECE_UNITS_MAX);

  return {
    ...knownOf(ids),
    unknownId,
    encode(piece) {
      const best = new Float64Array(piece.length + 1).fill(Number.NEGATIVE_INFINITY);
      const startAt = new Int32Array(piece.length + 1).fill(-1);
      const tokenAt = new Int32Array(piece.length + 1).fill(-1);
      best[0] = 0;
      const offer = (from: number, to: number, id: number, score: number) => {
        const sum = (best[from] ?? 0) + score;
        if (startAt[to] !== -1 && sum <= (best[to] ?? 0)) return;
        best[to] = sum;
        startAt[to] = from;
        tokenAt[to] = id;
      };
      for (let from = 0; from < piece.length; ) {
        const units = (piece.codePointAt(from) ?? 0) > 0xffff ? 2 : 1;
        let hasSingle = false;
        const end = Math.min(piece.length, from + windowUnits);
        for (let to = from + units; to <= end; to += 1) {
          const id = ids.get(piece.slice(from, to));
          if (id === undefined || id === unknownId) continue;
          offer(from, to, id, scores[id] ?? 0);
          if (to === from + units) hasSingle = true;
        }
        if (!hasSingle) offer(from, from + units, -1, unknownScore);
        from += units;
      }
      return followBack(piece, startAt, tokenAt, unknownId, bytes);
    },
  };
}

/** The path from the end; adjacent unknown characters are one token, or their bytes. */
function followBack(
  piece: string,
  startAt: Int32Array,
  tokenAt: Int32Array,
  unknownId: number | null,
  bytes: readonly number[] | null,
): number[] {
  const tokens: number[] = [];
  let wasUnknown = false;
  for (let to = piece.length; to > 0; to = startAt[to] ?? 0) {
    const id = tokenAt[to] ?? -1;
    if (id >= 0) tokens.push(id);
    else if (bytes !== null) tokens.push(...bytesOf(piece.slice(startAt[to], to), bytes).reverse());
    else if (!wasUnknown && unknownId !== null) tokens.push(unknownId);
    wasUnknown = id < 0;
  }
  return tokens.reverse();
}

/** The tokens of the 256 bytes; null: some are missing. */
function byteTokens(ids: ReadonlyMap<string, number>): readonly number[] | null {
  const tokens = Array.from({ length: 256 }, (_, byte) =>
    ids.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
  );
  return tokens.every((id) => id !== undefined) ? tokens : null;
}

function bytesOf(char: string, bytes: readonly number[]): number[] {
  return Array.from(ENCODER.encode(char), (byte) => bytes[byte] ?? 0);
}

/** Merges neighbours in the order of the merges, the earliest first. */
function readBpe(part: JsonPart): TokenModel {
  const { ids, known } = readVocabulary(part);
  const ranks = readMerges(part.get('merges'));
  const prefix = part.textOr('continuing_subword_prefix', '');
  const suffix = part.textOr('end_of_word_suffix', '');
  const unknownId = ids.get(part.textOr('unk_token', '')) ?? null;
  const isUnknownFused = part.flag('fuse_unk', false);
  const bytes = part.flag('byte_fallback', false) ? byteTokens(ids) : null;
  const areMergesIgnored = part.flag('ignore_merges', false);
  return {
    ...known,
    unknownId,
    encode(piece) {
      const whole = areMergesIgnored ? ids.get(piece) : undefined;
      if (whole !== undefined) return [whole];
      const chars = Array.from(piece);
      const symbols = chars.map((char, at) => `${at > 0 ? prefix : ''}${char}${at === chars.length - 1 ? suffix : ''}`);
      mergeAll(symbols, ranks, prefix);
      const tokens: number[] = [];
      let wasUnknown = false;
      for (const symbol of symbols) {
        const id = ids.get(symbol);
        if (id !== undefined) tokens.push(id);
        else if (bytes !== null) tokens.push(...bytesOf(symbol, bytes));
        else if (unknownId !== null && !(isUnknownFused && wasUnknown)) tokens.push(unknownId);
        wasUnknown = id === undefined;
      }
      return tokens;
    },
  };
}

function mergeAll(symbols: string[], ranks: ReadonlyMap<string, number>, prefix: string): void {
  while (symbols.length > 1) {
    let bestAt = -1;
    let bestRank = Number.POSITIVE_INFINITY;
    for (let at = 0; at + 1 < symbols.length; at += 1) {
      const rank = ranks.get(`${symbols[at]} ${symbols[at + 1]}`) ?? Number.POSITIVE_INFINITY;
      if (rank < bestRank) {
        bestRank = rank;
        bestAt = at;
      }
    }
    if (bestAt < 0) return;
    const right = symbols[bestAt + 1] ?? '';
    const tail = prefix !== '' && right.startsWith(prefix) ? right.slice(prefix.length) : right;
    symbols.splice(bestAt, 2, `${symbols[bestAt]}${tail}`);
  }
}

/** Merges are written as two texts, or as one with a space between. */
function readMerges(merges: unknown): ReadonlyMap<string, number> {
  if (!Array.isArray(merges)) throw new ModelFolderError('tokenizer.json has no merges.');
  return new Map(
    merges.map((merge: unknown, rank): [string, number] => {
      if (typeof merge === 'string' && merge.split(' ').length === 2) return [merge, rank];
      const [left, right]: unknown[] = Array.isArray(merge) ? merge : [];
      if (typeof left === 'string' && typeof right === 'string') return [`${left} ${right}`, rank];
      throw new ModelFolderError(`tokenizer.json has merge ${rank} in an unknown form.`);
    }),
  );
}

function orNone(id: number | null): number[] {
  return id === null ? [] : [id];
}

/** Reads the model of a parsed tokenizer.json. */
export function readModelOf(tokenizer: JsonPart): TokenModel {
  return readTokenModel(jsonPart(tokenizer.get('model'), 'model'));
}
