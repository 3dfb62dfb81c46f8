/**
 * A posting list has the chunks with a word: the number of chunks, then for each chunk its distance from the one before
 * (for the first: from the first id of its segment) and its occurrence byte. Numbers are in 7-bit groups, the low ones
 * first.
 */
export interface PostingList {
  readonly data: Uint8Array;
  /** Where the first chunk begins. */
  readonly from: number;
  readonly to: number;
  /** How many chunks have the word, including removed ones. */
  readonly count: number;
}

/** Postings of one word, decoded: ascending ids, each with its occurrence byte. */
export interface DecodedList {
  readonly ids: Uint32Array;
  readonly occurrences: Uint8Array;
}

/** The list in `data` from `start` up to `to`. */
export function readPostingList(data: Uint8Array, start: number, to: number): PostingList {
  let from = start;
  let count = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = data[from++] ?? 0;
    count |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return { data, from, to, count: count >>> 0 };
}

/** Adds the bound of each occurrence, times `weight`, at the position of its chunk. */
export function addBounds(list: PostingList, bounds: Float32Array, weight: number, into: Float32Array): void {
  const { data, to } = list;
  let id = 0;
  for (let at = list.from; at < to; ) {
    let byte = data[at++] as number;
    let step = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = data[at++] as number;
      step |= (byte & 0x7f) << shift;
    }
    id += step;
    into[id] = (into[id] as number) + weight * (bounds[data[at++] as number] as number);
  }
}

/** Calls `visit` with each chunk's distance from the first id of the segment, and its occurrence byte. */
export function visitPostings(list: PostingList, visit: (id: number, occurrence: number) => void): void {
  const { data, to } = list;
  let id = 0;
  for (let at = list.from; at < to; ) {
    let byte = data[at++] as number;
    let step = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = data[at++] as number;
      step |= (byte & 0x7f) << shift;
    }
    id += step;
    visit(id, data[at++] as number);
  }
}

/**
 * Appends the postings of a list to `into` from `at` on, with each id moved by `shift`, and returns where they end.
 * `isLive` has 1 for each existing chunk, by its distance from the first id; null: all exist.
 */
export function decodeList(
  list: PostingList,
  shift: number,
  isLive: Uint8Array | null,
  into: DecodedList,
  at: number,
): number {
  const { data, to } = list;
  const { ids, occurrences } = into;
  let id = 0;
  let used = at;
  for (let place = list.from; place < to; ) {
    let byte = data[place++] as number;
    let step = byte & 0x7f;
    for (let bits = 7; byte >= 0x80; bits += 7) {
      byte = data[place++] as number;
      step |= (byte & 0x7f) << bits;
    }
    id += step;
    const occurrence = data[place++] as number;
    if (isLive !== null && isLive[id] === 0) continue;
    ids[used] = id + shift;
    occurrences[used] = occurrence;
    used += 1;
  }
  return used;
}

/** The maximum bytes of a list of so many chunks. */
export function listBytesMax(count: number): number {
  return 5 + count * 6;
}

/** Writes the postings from `from` up to `to` as a list at `at`, and returns where it ends. */
export function writePostingList(
  { ids, occurrences }: DecodedList,
  from: number,
  to: number,
  data: Uint8Array,
  at: number,
): number {
  let place = writeNumber(data, at, to - from);
  let before = 0;
  for (let index = from; index < to; index += 1) {
    const id = ids[index] as number;
    const step = id - before;
    if (step < 0x80) data[place++] = step;
    else place = writeNumber(data, place, step);
    data[place++] = occurrences[index] as number;
    before = id;
  }
  return place;
}

function writeNumber(data: Uint8Array, at: number, value: number): number {
  let rest = value;
  let place = at;
  while (rest >= 0x80) {
    data[place++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  data[place++] = rest;
  return place;
}
