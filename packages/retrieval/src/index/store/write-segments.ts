import type { Database } from 'better-sqlite3';
import type { NumberedWords } from '../../words/word-stream.ts';
import { type CollectedPostings, createPostingCollector } from '../postings/collect-postings.ts';
import { mergePostings } from '../postings/merge-postings.ts';
import { createBlockPacker, type PackedBlocks } from '../postings/posting-block.ts';
import { blockId, type SegmentTables } from './schema.ts';

/** Up to so many postings segments are merged: a write may wait for it, some 50 ms. */
const MERGED_POSTINGS_MAX = 2 ** 20;
/** So many segments at the end are merged into one, if none of them has more than half of the postings. */
const MERGED_SEGMENTS_MIN = 4;
/** A merged segment spans at most so many ids per row, and as many again: searches use an array over its span. */
const SPAN_PER_ROW_MAX = 4;
const SPAN_FREE = 1024;
/** Share of removed rows before a segment is rewritten without them. */
const DEAD_SHARE_MAX = 0.5;

interface SegmentRow {
  readonly id: number;
  readonly firstId: number;
  readonly endId: number;
  readonly rowCount: number;
  readonly deadRows: number;
  readonly postingCount: number;
}

const COLUMNS = `id, first_id AS firstId, end_id AS endId, row_count AS rowCount, dead_rows AS deadRows,
  posting_count AS postingCount`;

/** Writes words of chunks into a segment. */
export interface SegmentWriter {
  /** The words of the next chunk by id. */
  add(id: number, words: NumberedWords): void;
  /** Writes the rest, and merges the segments at the end when there are many. */
  finish(): void;
}

/** Created once, so that the JIT compiler optimises it once. */
const collector = createPostingCollector();
const packer = createBlockPacker();

/** Writes the words of chunks as segments, one writer at a time, within the transaction of the caller. */
export function createSegmentWriter(
  database: Database,
  tables: SegmentTables,
  postingsMax = MERGED_POSTINGS_MAX,
): SegmentWriter {
  collector.clear();
  let firstId = 0;
  let rowCount = 0;
  let endId = 0;

  const flush = (): void => {
    if (rowCount === 0) return;
    const postings = collector.finish();
    insertSegment(database, tables, { firstId, endId, rowCount, ...packed(postings) });
    rowCount = 0;
  };

  return {
    add(id, words) {
      if (rowCount === 0) firstId = id;
      // Chunks in between were removed, or written already.
      else if (id - firstId > SPAN_PER_ROW_MAX * rowCount + SPAN_FREE) {
        flush();
        firstId = id;
      }
      collector.add(id - firstId, words);
      endId = id + 1;
      rowCount += 1;
      if (collector.postingCount() >= postingsMax) flush();
    },
    finish() {
      flush();
      while (true) {
        const run = runToMerge(database, tables, postingsMax);
        if (run === null) return;
        mergeSegments(database, tables, run);
      }
    },
  };
}

/** Removes the words of chunks from `firstId` up to `lastId`, of a file whose row was already deleted. */
export function removeFromSegments(database: Database, tables: SegmentTables, firstId: number, lastId: number): void {
  const { segments } = tables;
  const touched = database
    .prepare<[number, number], SegmentRow>(`SELECT ${COLUMNS} FROM ${segments} WHERE first_id <= ? AND end_id > ?`)
    .all(lastId, firstId);
  for (const segment of touched) {
    const removed = Math.min(segment.endId, lastId + 1) - Math.max(segment.firstId, firstId);
    const deadRows = segment.deadRows + removed;
    database.prepare(`UPDATE ${segments} SET dead_rows = ? WHERE id = ?`).run(deadRows, segment.id);
    if (deadRows >= segment.rowCount) dropSegment(database, tables, segment.id);
    else if (deadRows > segment.rowCount * DEAD_SHARE_MAX) mergeSegments(database, tables, [{ ...segment, deadRows }]);
  }
}

interface NewSegment {
  readonly firstId: number;
  readonly endId: number;
  readonly rowCount: number;
  readonly postingCount: number;
  readonly blocks: PackedBlocks;
}

function packed(postings: CollectedPostings): Pick<NewSegment, 'postingCount' | 'blocks'> {
  packer.clear();
  const { hashes, ends } = postings;
  let from = 0;
  for (let at = 0; at < hashes.length; at += 1) {
    const to = ends[at] as number;
    packer.add(hashes[at] as number, postings, from, to);
    from = to;
  }
  return { postingCount: from, blocks: packer.finish() };
}

function insertSegment(database: Database, { segments, blocks }: SegmentTables, segment: NewSegment): void {
  const { firstId, endId, rowCount, postingCount } = segment;
  const { directory, blocks: packedBlocks } = segment.blocks;
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO ${segments} (first_id, end_id, row_count, dead_rows, posting_count, directory) VALUES (?, ?, ?, 0, ?, ?)`,
    )
    .run(firstId, endId, rowCount, postingCount, new Uint8Array(directory.buffer));
  const insert = database.prepare(`INSERT INTO ${blocks} (id, data) VALUES (?, ?)`);
  for (const [at, block] of packedBlocks.entries()) insert.run(blockId(Number(lastInsertRowid), at), block);
}

function dropSegment(database: Database, { segments, blocks }: SegmentTables, id: number): void {
  database.prepare(`DELETE FROM ${segments} WHERE id = ?`).run(id);
  database.prepare(`DELETE FROM ${blocks} WHERE id >= ? AND id < ?`).run(blockId(id, 0), blockId(id + 1, 0));
}

/**
 * The shortest run of the last segments that is worth merging; null: there is none. A posting is rewritten only into a
 * segment at least twice as large as its own, so it is rewritten a few times in all.
 */
function runToMerge(database: Database, { segments }: SegmentTables, postingsMax: number): SegmentRow[] | null {
  const newestFirst = database
    .prepare<[], SegmentRow>(`SELECT ${COLUMNS} FROM ${segments} ORDER BY first_id DESC`)
    .iterate();
  const run: SegmentRow[] = [];
  let sum = 0;
  let largest = 0;
  let rowCount = 0;
  for (const segment of newestFirst) {
    if (segment.endId > (run[0]?.firstId ?? segment.endId)) return null;
    run.unshift(segment);
    sum += segment.postingCount;
    largest = Math.max(largest, segment.postingCount);
    rowCount += segment.rowCount - segment.deadRows;
    const span = (run.at(-1)?.endId ?? 0) - segment.firstId;
    if (sum > postingsMax || span > SPAN_PER_ROW_MAX * rowCount + SPAN_FREE) return null;
    if (run.length >= MERGED_SEGMENTS_MIN && sum >= 2 * largest) return run;
  }
  return null;
}

/** Merges several neighbouring segments into one, without the words of removed chunks. */
function mergeSegments(database: Database, tables: SegmentTables, run: readonly SegmentRow[]): void {
  const [first] = run;
  const last = run.at(-1);
  if (first === undefined || last === undefined) return;
  const blocksOf = database
    .prepare<[number, number], Buffer>(`SELECT data FROM ${tables.blocks} WHERE id >= ? AND id < ? ORDER BY id`)
    .pluck();
  const merged = mergePostings(
    run.map((segment) => ({
      shift: segment.firstId - first.firstId,
      blocks: blocksOf.all(blockId(segment.id, 0), blockId(segment.id + 1, 0)),
      isLive: segment.deadRows === 0 ? null : liveIn(database, segment),
    })),
  );
  for (const { id } of run) dropSegment(database, tables, id);
  insertSegment(database, tables, {
    firstId: first.firstId,
    endId: last.endId,
    rowCount: run.reduce((sum, { rowCount, deadRows }) => sum + rowCount - deadRows, 0),
    ...merged,
  });
}

/** For each id of the segment, from its first: 1 if its chunk exists. */
function liveIn(database: Database, { firstId, endId }: SegmentRow): Uint8Array {
  const files = database
    .prepare<[number, number], { from: number; count: number }>(
      `SELECT first_id AS "from", chunk_count AS count FROM file
        WHERE first_id >= coalesce((SELECT max(first_id) FROM file WHERE first_id <= ?), 0) AND first_id < ?`,
    )
    .all(firstId, endId);
  const isLive = new Uint8Array(endId - firstId);
  for (const { from, count } of files) {
    isLive.fill(1, Math.max(0, from - firstId), Math.max(0, Math.min(endId, from + count) - firstId));
  }
  return isLive;
}
