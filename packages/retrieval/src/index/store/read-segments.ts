import type { Database } from 'better-sqlite3';
import type { BlockCache } from '../memory/block-cache.ts';
import { findList, lastAtOrBelow, type PostingBlock, readBlock } from '../postings/posting-block.ts';
import type { PostingList } from '../postings/posting-list.ts';
import { blockId, type SegmentTables } from './schema.ts';

/** The words of chunks with consecutive ids. */
export interface Segment {
  readonly firstId: number;
  readonly endId: number;
  /** It may have words of chunks that were removed. */
  readonly hasDead: boolean;
  /** The list of a word; null: no chunk has it. */
  find(hash: number): PostingList | null;
}

interface SegmentRow {
  readonly id: number;
  readonly firstId: number;
  readonly endId: number;
  readonly deadRows: number;
}

/** Reads a store's segments, the first ids first. Blocks are cached as far as the cache allows. */
export function createSegmentReader(
  database: Database,
  tables: SegmentTables,
  cache: BlockCache,
): { segments(): readonly Segment[]; changed(): void } {
  const rows = database.prepare<[], SegmentRow>(
    `SELECT id, first_id AS firstId, end_id AS endId, dead_rows AS deadRows FROM ${tables.segments} ORDER BY first_id`,
  );
  const directoryOf = database
    .prepare<[number], Buffer>(`SELECT directory FROM ${tables.segments} WHERE id = ?`)
    .pluck();
  const blockOf = database.prepare<[number], Buffer>(`SELECT data FROM ${tables.blocks} WHERE id = ?`).pluck();
  let finders = new Map<number, Segment['find']>();
  let segments: Segment[] | null = null;

  const finderOf = (id: number): Segment['find'] => {
    const directory = numbersOf(directoryOf.get(id) ?? new Uint8Array());
    const kept: (PostingBlock | undefined)[] = [];
    const load = (at: number): PostingBlock | undefined => {
      const data = blockOf.get(blockId(id, at));
      if (data === undefined) return undefined;
      const block = readBlock(data);
      kept[at] = block;
      cache.keep({
        sizeBytes: data.byteLength,
        forget() {
          kept[at] = undefined;
        },
      });
      return block;
    };
    return (hash) => {
      const at = lastAtOrBelow(directory, hash);
      const block = at < 0 ? undefined : (kept[at] ?? load(at));
      return block === undefined ? null : findList(block, hash);
    };
  };

  return {
    segments() {
      if (segments !== null) return segments;
      const before = finders;
      finders = new Map();
      segments = rows.all().map(({ id, firstId, endId, deadRows }) => {
        const find = before.get(id) ?? finderOf(id);
        finders.set(id, find);
        return { firstId, endId, hasDead: deadRows > 0, find };
      });
      return segments;
    },
    changed() {
      segments = null;
    },
  };
}

function numbersOf(data: Uint8Array): Uint32Array {
  const bytes = data.byteOffset % 4 === 0 ? data : new Uint8Array(data);
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}
