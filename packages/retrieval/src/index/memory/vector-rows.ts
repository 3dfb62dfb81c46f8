import type { Arena, Block } from './arena.ts';
import { ROW_ALIGN_BYTES } from './dot-kernel.ts';
import type { TopList } from './top-list.ts';

/** The arena is full: the caller frees memory, or streams the rows. */
export class ArenaFull extends Error {}

interface Segment {
  readonly block: Block;
  /** Rows in the segments before. */
  readonly startRow: number;
  readonly rowsMax: number;
  readonly ids: number[];
}

/** Row ranges as pairs of first and end, ascending. */
export type Runs = readonly number[];

/** Vectors of one store in the arena, and exact search over them. */
export interface VectorRows {
  /** `packed` holds vectors one after the other, with consecutive ids. Returns the row of the first. */
  add(firstId: number, packed: Float32Array): number;
  setQuery(query: Float32Array): void;
  /** Offers the rows of these runs to `top`; null: all rows. */
  scan(runs: Runs | null, top: TopList): void;
  /** The score of one stored row. */
  score(row: number): number;
  /** Offers rows that are not stored. */
  scanPassing(firstId: number, packed: Float32Array, top: TopList): void;
  rowCount(): number;
  clear(): void;
}

/** Makes an empty set of rows of this many dimensions. */
export function createVectorRows(arena: Arena, dimensions: number): VectorRows {
  const strideBytes = Math.ceil((dimensions * 4) / ROW_ALIGN_BYTES) * ROW_ALIGN_BYTES;
  const strideFloats = strideBytes / 4;
  const segments: Segment[] = [];
  let rowCount = 0;

  const segmentWithRoom = (): Segment => {
    const last = segments.at(-1);
    if (last !== undefined && last.ids.length < last.rowsMax) return last;
    // As much again as there is: a small store uses little, a large one has few segments.
    const block = arena.allocate(strideBytes, rowCount * strideBytes);
    if (block === null) throw new ArenaFull('The arena is full.');
    const rowsMax = Math.min(Math.floor(block.sizeBytes / strideBytes), arena.scoresMax);
    const segment = { block, rowsMax, startRow: rowCount, ids: [] };
    segments.push(segment);
    return segment;
  };

  const copyRows = (at: number, packed: Float32Array): void => {
    const floats = arena.floats(at, (packed.length / dimensions) * strideFloats);
    if (strideFloats === dimensions) {
      floats.set(packed);
      return;
    }
    floats.fill(0);
    for (let from = 0, to = 0; from < packed.length; from += dimensions, to += strideFloats) {
      floats.set(packed.subarray(from, from + dimensions), to);
    }
  };

  const offerScores = (rowsAt: number, count: number, idOf: (index: number) => number, top: TopList): void => {
    arena.dots(arena.queryAt, rowsAt, count, strideBytes, arena.scoresAt);
    const scores = arena.floats(arena.scoresAt, count);
    let floor = top.floor();
    for (let index = 0; index < count; index += 1) {
      const score = scores[index] ?? 0;
      if (score < floor) continue;
      top.offer(idOf(index), score);
      floor = top.floor();
    }
  };

  const scanSegment = ({ block, ids }: Segment, from: number, to: number, top: TopList): void =>
    offerScores(block.at + from * strideBytes, to - from, (index) => ids[from + index] ?? 0, top);

  return {
    add(firstId, packed) {
      const firstRow = rowCount;
      const count = packed.length / dimensions;
      for (let index = 0; index < count; ) {
        const segment = segmentWithRoom();
        const { block, ids } = segment;
        const taken = Math.min(count - index, segment.rowsMax - ids.length);
        copyRows(
          block.at + ids.length * strideBytes,
          packed.subarray(index * dimensions, (index + taken) * dimensions),
        );
        for (let row = 0; row < taken; row += 1) ids.push(firstId + index + row);
        index += taken;
        rowCount += taken;
      }
      return firstRow;
    },
    setQuery(query) {
      const place = arena.floats(arena.queryAt, strideFloats);
      place.set(query);
      place.fill(0, dimensions);
    },
    scan(runs, top) {
      if (runs === null) {
        for (const segment of segments) scanSegment(segment, 0, segment.ids.length, top);
        return;
      }
      let at = 0;
      for (let run = 0; run < runs.length; run += 2) {
        let from = runs[run] ?? 0;
        const end = runs[run + 1] ?? 0;
        while (from < end) {
          let segment = segments[at];
          while (segment !== undefined && from >= segment.startRow + segment.ids.length) segment = segments[++at];
          if (segment === undefined) return;
          const to = Math.min(end, segment.startRow + segment.ids.length);
          scanSegment(segment, from - segment.startRow, to - segment.startRow, top);
          from = to;
        }
      }
    },
    score(row) {
      const segment = segments.findLast(({ startRow }) => startRow <= row);
      if (segment === undefined) throw new RangeError('There is no such row.');
      const rowAt = segment.block.at + (row - segment.startRow) * strideBytes;
      arena.dots(arena.queryAt, rowAt, 1, strideBytes, arena.scoresAt);
      return arena.floats(arena.scoresAt, 1)[0] ?? 0;
    },
    scanPassing(firstId, packed, top) {
      const rowsMax = Math.min(Math.floor(arena.passingBytes / strideBytes), arena.scoresMax);
      const count = packed.length / dimensions;
      for (let from = 0; from < count; from += rowsMax) {
        const part = packed.subarray(from * dimensions, (from + rowsMax) * dimensions);
        copyRows(arena.passingAt, part);
        offerScores(arena.passingAt, part.length / dimensions, (index) => firstId + from + index, top);
      }
    },
    rowCount: () => rowCount,
    clear() {
      for (const segment of segments) arena.free(segment.block);
      segments.length = 0;
      rowCount = 0;
    },
  };
}
