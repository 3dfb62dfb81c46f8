import type { Arena } from '../memory/arena.ts';
import { createTopList } from '../memory/top-list.ts';
import { ArenaFull, createVectorRows, type VectorRows } from '../memory/vector-rows.ts';
import type { Changes, FileEntry, StoreReader } from './store-reader.ts';

/** Up to so many rows are read from disk for one search, instead of loading the whole store. */
const PASSING_ROWS_MAX = 1024;
/** Share of rows of deleted files in memory before all are read again. */
const DEAD_SHARE_MAX = 0.3;

export interface ExactSearch {
  /** The best of the chunks from `fromId` on, of all files or of those allowed (by first id). */
  search(
    queries: readonly Float32Array[],
    limit: number,
    options: { fromId: number; allowed: readonly FileEntry[] | null },
  ): { id: number; score: number }[][];
  /** The cosine of each of these chunks, which exist. */
  cosines(query: Float32Array, chunkIds: readonly number[]): number[];
  follow(changes: Changes): void;
  residentRows(): number;
  release(): void;
}

/** Exact search: every allowed vector is compared. `makeRoom` frees memory of other stores; false: there is none. */
export function createExactSearch(reader: StoreReader, arena: Arena, makeRoom: () => boolean): ExactSearch {
  let rows: VectorRows | null = null;
  let rowsDimensions = 0;
  /** Every vector from this id on is in memory. */
  let residentFrom = Number.POSITIVE_INFINITY;
  let deadRows = 0;

  const release = (): void => {
    rows?.clear();
    residentFrom = Number.POSITIVE_INFINITY;
    deadRows = 0;
    for (const entry of reader.entries()) entry.rowAt = -1;
  };

  const rowsOf = (): VectorRows => {
    const { dimensions } = reader.meta();
    if (rows === null || rowsDimensions !== dimensions) {
      release();
      rows = createVectorRows(arena, dimensions);
      rowsDimensions = dimensions;
    }
    return rows;
  };

  const load = (fromId: number, toId: number): void => {
    const into = rowsOf();
    for (const { firstId, packed } of reader.blocks(fromId, toId)) {
      const rowAt = add(into, firstId, packed);
      const entry = reader.entryOf(firstId);
      if (entry !== undefined && entry.firstId === firstId) entry.rowAt = rowAt;
    }
  };

  const add = (into: VectorRows, firstId: number, packed: Float32Array): number => {
    while (true) {
      try {
        return into.add(firstId, packed);
      } catch (error) {
        if (!(error instanceof ArenaFull) || !makeRoom()) throw error;
      }
    }
  };

  /** False: it does not fit, and what was loaded is released. */
  const keepInMemory = (fromId: number): boolean => {
    if (residentFrom <= fromId && deadRows <= (rows?.rowCount() ?? 0) * DEAD_SHARE_MAX) return true;
    release();
    try {
      load(fromId, Number.MAX_SAFE_INTEGER);
      residentFrom = fromId;
      return true;
    } catch (error) {
      if (!(error instanceof ArenaFull)) throw error;
      release();
      return false;
    }
  };

  const liveFrom = (fromId: number): FileEntry[] => {
    const entries = reader.entries();
    let at = entries.length;
    while (at > 0 && (entries[at - 1]?.firstId ?? 0) >= fromId) at -= 1;
    return entries.slice(at).filter((entry) => !entry.isGone);
  };

  return {
    search(queries, limit, { fromId, allowed }) {
      const into = rowsOf();
      const files = allowed?.filter((entry) => entry.firstId >= fromId) ?? null;
      const wantedRows = files?.reduce((sum, entry) => sum + entry.chunkCount, 0) ?? Number.POSITIVE_INFINITY;
      const isResident =
        residentFrom <= fromId || wantedRows > PASSING_ROWS_MAX || files === null ? keepInMemory(fromId) : false;
      const tops = queries.map(() => createTopList(limit));
      if (isResident) {
        const isEveryRow = files === null && deadRows === 0 && residentFrom === fromId;
        const runs = isEveryRow ? null : runsOf(files ?? liveFrom(fromId));
        for (const [index, query] of queries.entries()) {
          into.setQuery(query);
          const top = tops[index];
          if (top !== undefined) into.scan(runs, top);
        }
      } else {
        for (const { firstId, chunkCount } of files ?? liveFrom(fromId)) {
          for (const block of reader.blocks(firstId, firstId + chunkCount)) {
            for (const [index, query] of queries.entries()) {
              into.setQuery(query);
              const top = tops[index];
              if (top !== undefined) into.scanPassing(block.firstId, block.packed, top);
            }
          }
        }
      }
      return tops.map((top) => top.take());
    },
    cosines(query, chunkIds) {
      rowsOf().setQuery(query);
      return chunkIds.map((chunkId) => {
        const entry = reader.entryOf(chunkId);
        if (entry !== undefined && entry.rowAt >= 0) return rowsOf().score(entry.rowAt + chunkId - entry.firstId);
        return dot(query, reader.vectorOf(chunkId) ?? NO_VECTOR);
      });
    },
    follow({ isAll, added, goneCount }) {
      if (isAll) {
        release();
        return;
      }
      deadRows += goneCount;
      if (residentFrom === Number.POSITIVE_INFINITY) return;
      try {
        for (const { firstId, chunkCount } of added) load(firstId, firstId + chunkCount);
      } catch (error) {
        if (!(error instanceof ArenaFull)) throw error;
        release();
      }
    },
    residentRows: () => rows?.rowCount() ?? 0,
    release,
  };
}

const NO_VECTOR = new Float32Array();

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < right.length; at += 1) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}

/** The rows of these files, with neighbours joined to one run. */
function runsOf(files: readonly FileEntry[]): number[] {
  const runs: number[] = [];
  for (const { rowAt, chunkCount } of files) {
    if (rowAt < 0 || chunkCount === 0) continue;
    if (runs.at(-1) === rowAt) runs[runs.length - 1] = rowAt + chunkCount;
    else runs.push(rowAt, rowAt + chunkCount);
  }
  return runs;
}
