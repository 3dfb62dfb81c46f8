/**
 * A cache of values for pieces of text. Most pieces are known; they are looked up by their characters in place, without
 * making a string.
 */
export interface PieceTable<T> {
  /** The value of the piece from `start` up to `end`, whatever characters it has. */
  get(text: string, start: number, end: number): T;
  /** The value of each piece between the white space of the text, in order. Read-only. */
  piecesOf(text: string): readonly T[];
  /** Removes all pieces. */
  clear(): void;
}

/** A longer piece is data or a text without spaces, and is not cached. */
const PIECE_UNITS_MAX = 32;
/** All are removed when there are more: the common ones are soon back. */
const PIECES_MAX = 50_000;
/** A power of two, and more than twice the pieces, so that a free place is near. */
const PLACES = 2 ** 17;
const FREE = -1;
/** FNV-1a over UTF-16 units. */
const HASH_START = 0x811c9dc5;
const HASH_PRIME = 0x01000193;

/** Texts that share fewer characters than this at their ends are not compared. */
const OVERLAP_UNITS_MIN = 64;

/** The pieces of a text that was visited. */
interface Visited<T> {
  readonly text: string;
  /** Where each piece begins. */
  readonly starts: number[];
  readonly values: T[];
}

/**
 * `make` computes the value of a piece. It is called once for a cached piece. A text that begins with the end of the
 * text before it, as the chunks of a document do, reuses the pieces of that part.
 */
export function createPieceTable<T>(make: (piece: string) => T): PieceTable<T> {
  /** For each place its piece, and the piece's hash. */
  const places = new Int32Array(2 * PLACES).fill(FREE);
  let pieces: string[] = [];
  let known: T[] = [];
  let before: Visited<T> = { text: '', starts: [], values: [] };

  function forgetPieces(): void {
    places.fill(FREE);
    pieces = [];
    known = [];
  }

  function find(text: string, start: number, end: number, hash: number): T {
    let place = 2 * (hash & (PLACES - 1));
    for (let at = places[place] as number; at !== FREE; at = places[place] as number) {
      if (places[place + 1] === hash && isAt(pieces[at] as string, text, start, end)) return known[at] as T;
      place = (place + 2) & (2 * PLACES - 1);
    }
    // A copy, because a slice would keep the whole text alive.
    const piece = Buffer.from(text.slice(start, end), 'utf16le').toString('utf16le');
    const value = make(piece);
    if (pieces.length >= PIECES_MAX) {
      forgetPieces();
      place = 2 * (hash & (PLACES - 1));
    }
    places[place] = pieces.length;
    places[place + 1] = hash;
    pieces.push(piece);
    known.push(value);
    return value;
  }

  /** Adds the pieces from `from` up to `to`; none may begin before or end after. */
  function scan({ text, starts, values }: Visited<T>, from: number, to: number): void {
    let at = from;
    while (at < to) {
      while (at < to && isSpace(text.charCodeAt(at))) at += 1;
      const start = at;
      let hash = HASH_START;
      for (; at < to; at += 1) {
        const unit = text.charCodeAt(at);
        if (isSpace(unit)) break;
        hash = Math.imul(hash ^ unit, HASH_PRIME);
      }
      if (at === start) return;
      starts.push(start);
      values.push(at - start > PIECE_UNITS_MAX ? make(text.slice(start, at)) : find(text, start, at, mixed(hash)));
    }
  }

  /** Adds the pieces that the text shares with the one before it, and returns where the rest begins. */
  function addShared(visited: Visited<T>): number {
    const { text, starts, values } = visited;
    const shift = overlapStart(before.text, text);
    // The last piece may continue in this text.
    const end = isSpace(before.text.charCodeAt(before.text.length - 1))
      ? before.starts.length
      : before.starts.length - 1;
    const first = shift === null ? end : lowerBound(before.starts, shift);
    if (shift === null || first >= end) return 0;
    scan(visited, 0, (before.starts[first] ?? 0) - shift);
    for (let at = first; at < end; at += 1) {
      starts.push((before.starts[at] ?? 0) - shift);
      values.push(before.values[at] as T);
    }
    return (before.starts[end] ?? before.text.length) - shift;
  }

  return {
    clear() {
      forgetPieces();
      before = { text: '', starts: [], values: [] };
    },
    get(text, start, end) {
      if (end - start > PIECE_UNITS_MAX) return make(text.slice(start, end));
      let hash = HASH_START;
      for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), HASH_PRIME);
      return find(text, start, end, mixed(hash));
    },
    piecesOf(text) {
      const visited: Visited<T> = { text, starts: [], values: [] };
      scan(visited, addShared(visited), text.length);
      before = visited;
      return visited.values;
    },
  };
}

/** The start of the part of `before` that it ends with and `text` begins with; null: none is found. */
function overlapStart(before: string, text: string): number | null {
  if (text.length < OVERLAP_UNITS_MIN) return null;
  const start = before.indexOf(text.slice(0, OVERLAP_UNITS_MIN));
  return start >= 0 && text.startsWith(before.slice(start)) ? start : null;
}

/** The first index whose number is not below the limit. The numbers ascend. */
function lowerBound(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The low bits alone are distributed badly. */
function mixed(hash: number): number {
  return hash ^ (hash >>> 15);
}

function isAt(piece: string, text: string, start: number, end: number): boolean {
  if (piece.length !== end - start) return false;
  for (let at = 0; at < piece.length; at += 1) if (piece.charCodeAt(at) !== text.charCodeAt(start + at)) return false;
  return true;
}

/** The same characters as `\s` of a regular expression. */
function isSpace(unit: number): boolean {
  if (unit <= 0x20) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
  if (unit < 0xa0) return false;
  return (
    unit === 0xa0 ||
    unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200a) ||
    unit === 0x2028 ||
    unit === 0x2029 ||
    unit === 0x202f ||
    unit === 0x205f ||
    unit === 0x3000 ||
    unit === 0xfeff
  );
}
