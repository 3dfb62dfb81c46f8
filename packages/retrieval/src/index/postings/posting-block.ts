import { type DecodedList, listBytesMax, type PostingList, readPostingList, writePostingList } from './posting-list.ts';

/** A block has the lists of some words, in the order of their hashes: it is read as a whole to find one of them. */
export interface PostingBlock {
  readonly hashes: Uint32Array;
  /** Where the list of each word ends in `lists`; it begins where the one before ends. */
  readonly ends: Uint32Array;
  readonly lists: Uint8Array;
}

/** A block is full from this size on, so that it fits a page of the database. */
const BLOCK_BYTES = 8 * 1024;

/** Blocks of lists, in order. */
export interface PackedBlocks {
  /** The hash of each block's first word. */
  readonly directory: Uint32Array;
  readonly blocks: readonly Uint8Array[];
}

/** Packs lists into blocks; after `finish` or `clear` it starts again. */
export interface BlockPacker {
  /** The list of a word, whose hash is greater than the one before; its postings are those from `from` up to `to`. */
  add(hash: number, list: DecodedList, from: number, to: number): void;
  finish(): PackedBlocks;
  clear(): void;
}

const WORDS_MAX = BLOCK_BYTES / 8;

/** An empty packer. */
export function createBlockPacker(): BlockPacker {
  let directory: number[] = [];
  let blocks: Uint8Array[] = [];
  const hashes = new Uint32Array(WORDS_MAX);
  const ends = new Uint32Array(WORDS_MAX);
  let wordCount = 0;
  let lists = new Uint8Array(BLOCK_BYTES * 2);
  let used = 0;

  const flush = (): void => {
    if (wordCount === 0) return;
    directory.push(hashes[0] as number);
    const headBytes = 4 + wordCount * 8;
    const block = new Uint8Array(headBytes + used);
    const head = new Uint32Array(block.buffer, 0, headBytes / 4);
    head[0] = wordCount;
    head.set(hashes.subarray(0, wordCount), 1);
    head.set(ends.subarray(0, wordCount), 1 + wordCount);
    block.set(lists.subarray(0, used), headBytes);
    blocks.push(block);
    wordCount = 0;
    used = 0;
  };

  const clear = (): void => {
    directory = [];
    blocks = [];
    wordCount = 0;
    used = 0;
  };

  return {
    add(hash, list, from, to) {
      const needed = used + listBytesMax(to - from);
      if (needed > lists.length) {
        const longer = new Uint8Array(Math.max(needed, lists.length * 2));
        longer.set(lists.subarray(0, used));
        lists = longer;
      }
      used = writePostingList(list, from, to, lists, used);
      hashes[wordCount] = hash;
      ends[wordCount] = used;
      wordCount += 1;
      if (used + wordCount * 8 >= BLOCK_BYTES) flush();
    },
    finish() {
      flush();
      const packed = { directory: Uint32Array.from(directory), blocks };
      clear();
      return packed;
    },
    clear,
  };
}

/** Reads a packed block. */
export function readBlock(bytes: Uint8Array): PostingBlock {
  const data = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  const count = new Uint32Array(data.buffer, data.byteOffset, 1)[0] ?? 0;
  return {
    hashes: new Uint32Array(data.buffer, data.byteOffset + 4, count),
    ends: new Uint32Array(data.buffer, data.byteOffset + 4 + count * 4, count),
    lists: data.subarray(4 + count * 8),
  };
}

/** The list of a word; null: the block has none. */
export function findList({ hashes, ends, lists }: PostingBlock, hash: number): PostingList | null {
  const at = lastAtOrBelow(hashes, hash);
  return at < 0 || hashes[at] !== hash
    ? null
    : readPostingList(lists, at === 0 ? 0 : (ends[at - 1] ?? 0), ends[at] ?? 0);
}

/** The last index whose number is not above the limit; -1: there is none. The numbers ascend. */
export function lastAtOrBelow(numbers: Uint32Array, limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
