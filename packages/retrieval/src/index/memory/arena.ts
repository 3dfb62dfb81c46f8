import { createDotKernel, createKernelMemory, type DotKernel, MEMORY_PAGE_BYTES } from './dot-kernel.ts';

/** The limit of one WebAssembly memory. */
const ARENA_BYTES_MAX = 65_536 * MEMORY_PAGE_BYTES;
const BLOCK_BYTES_MIN = 16 * 1024;
const BLOCK_BYTES_MAX = 512 * 1024;
/** At the front: the query, scores of one run, and rows that are only streamed. */
const QUERY_BYTES = 128 * 1024;
const SCORES_BYTES = 128 * 1024;
const PASSING_BYTES = 1024 * 1024;
const SCRATCH_BYTES = QUERY_BYTES + SCORES_BYTES + PASSING_BYTES;

export interface Block {
  readonly at: number;
  readonly sizeBytes: number;
}

/**
 * One WebAssembly memory for all stores of a thread: an engine reserves gigabytes of address space for each memory, so
 * a thousand small stores cannot have one each. Block sizes are powers of two, with a free list for each size.
 */
export interface Arena {
  readonly dots: DotKernel;
  readonly queryAt: number;
  readonly scoresAt: number;
  readonly scoresMax: number;
  readonly passingAt: number;
  readonly passingBytes: number;
  /** A block of at least the first size, and up to the second where one block can be that large. Null: it is full. */
  allocate(neededBytes: number, wantedBytes: number): Block | null;
  free(block: Block): void;
  /** Floats from `at` on; valid until the next `allocate`. */
  floats(at: number, count: number): Float32Array;
  usedBytes(): number;
}

/** Creates an arena that grows on demand, up to `maxBytes`. */
export function createArena(maxBytes: number): Arena {
  const memory = createKernelMemory(SCRATCH_BYTES);
  const limit = Math.min(maxBytes + SCRATCH_BYTES, ARENA_BYTES_MAX);
  const freeBySize = new Map<number, number[]>();
  let nextAt = SCRATCH_BYTES;
  let usedBytes = 0;

  const take = (sizeBytes: number): number | null => {
    const freed = freeBySize.get(sizeBytes)?.pop();
    if (freed !== undefined) return freed;
    const at = nextAt;
    if (at + sizeBytes > limit) return null;
    const missing = at + sizeBytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / MEMORY_PAGE_BYTES));
    nextAt += sizeBytes;
    return at;
  };

  return {
    dots: createDotKernel(memory),
    queryAt: 0,
    scoresAt: QUERY_BYTES,
    scoresMax: SCORES_BYTES / 4,
    passingAt: QUERY_BYTES + SCORES_BYTES,
    passingBytes: PASSING_BYTES,
    allocate(neededBytes, wantedBytes) {
      let sizeBytes = BLOCK_BYTES_MIN;
      while (sizeBytes < Math.max(neededBytes, Math.min(wantedBytes, BLOCK_BYTES_MAX))) sizeBytes *= 2;
      const at = take(sizeBytes);
      if (at === null) return null;
      usedBytes += sizeBytes;
      return { at, sizeBytes };
    },
    free({ at, sizeBytes }) {
      usedBytes -= sizeBytes;
      const list = freeBySize.get(sizeBytes);
      if (list === undefined) freeBySize.set(sizeBytes, [at]);
      else list.push(at);
    },
    floats: (at, count) => new Float32Array(memory.buffer, at, count),
    usedBytes: () => usedBytes,
  };
}
