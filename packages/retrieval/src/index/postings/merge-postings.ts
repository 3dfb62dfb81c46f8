import { createBlockPacker, type PackedBlocks, type PostingBlock, readBlock } from './posting-block.ts';
import { type DecodedList, decodeList, readPostingList } from './posting-list.ts';

/** A segment to be merged. */
export interface MergedPart {
  /** The distance of its first id from that of the merged segment. */
  readonly shift: number;
  /** All of its blocks, in order. */
  readonly blocks: readonly Uint8Array[];
  /** For each id from its first: 1 if the chunk exists. Null: all do. */
  readonly isLive: Uint8Array | null;
}

/** The position of the merge in a part. */
interface Cursor {
  readonly part: MergedPart;
  blockAt: number;
  block: PostingBlock | null;
  /** The current word of the block. */
  at: number;
  /** Its hash; END: there are no more. */
  hash: number;
}

/** Above every hash. */
const END = 2 ** 32;

/** Created once, so that the JIT compiler optimises it once. */
const packer = createBlockPacker();

/** Merges the lists of consecutive segments, without removed chunks. */
export function mergePostings(parts: readonly MergedPart[]): { postingCount: number; blocks: PackedBlocks } {
  packer.clear();
  const cursors = parts.map((part): Cursor => {
    const cursor = { part, blockAt: -1, block: null, at: 0, hash: END };
    enterBlock(cursor);
    return cursor;
  });
  let merged: DecodedList = { ids: new Uint32Array(1024), occurrences: new Uint8Array(1024) };
  let postingCount = 0;
  for (let hash = leastHash(cursors); hash !== END; hash = leastHash(cursors)) {
    let used = 0;
    for (const cursor of cursors) {
      const { block, at, part } = cursor;
      if (cursor.hash !== hash || block === null) continue;
      const list = readPostingList(
        block.lists,
        at === 0 ? 0 : (block.ends[at - 1] as number),
        block.ends[at] as number,
      );
      if (used + list.count > merged.ids.length) merged = longer(merged, used + list.count);
      used = decodeList(list, part.shift, part.isLive, merged, used);
      goOn(cursor);
    }
    if (used > 0) packer.add(hash, merged, 0, used);
    postingCount += used;
  }
  return { postingCount, blocks: packer.finish() };
}

function enterBlock(cursor: Cursor): void {
  cursor.blockAt += 1;
  const bytes = cursor.part.blocks[cursor.blockAt];
  cursor.block = bytes === undefined ? null : readBlock(bytes);
  cursor.at = 0;
  cursor.hash = cursor.block?.hashes[0] ?? END;
}

function goOn(cursor: Cursor): void {
  const { block } = cursor;
  cursor.at += 1;
  if (block === null || cursor.at === block.hashes.length) enterBlock(cursor);
  else cursor.hash = block.hashes[cursor.at] as number;
}

function leastHash(cursors: readonly Cursor[]): number {
  let least = END;
  for (let at = 0; at < cursors.length; at += 1) {
    const { hash } = cursors[at] as Cursor;
    if (hash < least) least = hash;
  }
  return least;
}

function longer({ ids, occurrences }: DecodedList, lengthMin: number): DecodedList {
  const length = Math.max(lengthMin, ids.length * 2);
  const grown = { ids: new Uint32Array(length), occurrences: new Uint8Array(length) };
  grown.ids.set(ids);
  grown.occurrences.set(occurrences);
  return grown;
}
