import { renameSync, rmSync } from 'node:fs';
import type { Index } from 'usearch';
import { IndexError } from '../index-error.ts';
import type { Meta } from '../store/schema.ts';
import { databasePath, graphPath, listGraphs } from '../store/store-files.ts';
import { openStoreReader, type StoreReader } from '../store/store-reader.ts';
import type { BuildOutcome } from './build-queue.ts';
import { checkGraph, fitsHeader, type GraphHeader, sealGraph } from './graph-file.ts';
import { createGraph } from './usearch.ts';

/** Rows added at a time: a stop of the thread waits for at most these. */
const ADD_ROWS = 256;
/** Share of deleted rows in a graph before it is rebuilt: every search has to skip them. */
const DEAD_SHARE_MAX = 0.3;

export interface BuildOptions {
  readonly folder: string;
  readonly storeId: string;
  /** Stores of fewer rows have no graph, and a graph may lack as many. */
  readonly exactRowsMax: number;
  readonly threadCount: number;
  /** There are no writes to the store: a graph includes every row. */
  readonly isQuiet: boolean;
}

/**
 * Builds the graph of a store, or updates it, when enough rows are not in it. Written beside the current one and named
 * when it is complete. Throws `store_not_found` when the store is dropped meanwhile.
 */
export function buildGraph(options: BuildOptions): BuildOutcome {
  const reader = openStoreReader(databasePath(options.folder, options.storeId));
  const { epoch } = reader.meta();
  try {
    return buildFrom(reader, options);
  } catch (cause) {
    // A drop deletes the files of the store, also those of an unfinished build.
    if (metaNow(options.folder, options.storeId)?.epoch === epoch) throw cause;
    throw new IndexError('store_not_found', 'The store was dropped.');
  } finally {
    reader.close();
  }
}

function buildFrom(
  reader: StoreReader,
  { folder, storeId, exactRowsMax, threadCount, isQuiet }: BuildOptions,
): BuildOutcome {
  // The state at one moment; later rows are after `endId`, and searches skip removed rows.
  const { meta, live } = reader.inSnapshot(ignore, () => ({ meta: reader.meta(), live: rangesOf(reader) }));
  const known = newestGraph(folder, storeId, reader);
  if (countBelow(live, Number.POSITIVE_INFINITY) <= exactRowsMax) return 'not_needed';
  if (!isWorthwhile(live, known?.header ?? null, isQuiet ? 0 : exactRowsMax)) return 'kept';
  const liveBefore = known === null ? 0 : countBelow(live, known.header.endId);
  const isFresh = known === null || known.header.rowCount - liveBefore > known.header.rowCount * DEAD_SHARE_MAX;
  const graph = createGraph(meta.dimensions);
  if (graph === null) return 'kept';
  if (!isFresh) {
    graph.load(known.path);
    removeDead(graph, live, known.header.endId);
  }
  addRows(graph, reader, { fromId: isFresh ? 0 : known.header.endId, endId: meta.nextId, threadCount });
  const header: GraphHeader = {
    epoch: meta.epoch,
    fingerprint: meta.fingerprint,
    dimensions: meta.dimensions,
    generation: meta.generation,
    endId: meta.nextId,
    rowCount: graph.size(),
  };
  return publish(graph, header, folder, storeId) ? 'made' : 'kept';
}

const ignore = (): void => undefined;

/** Live rows as pairs of first id and end, ascending. */
function rangesOf(reader: StoreReader): [number, number][] {
  return reader
    .entries()
    .filter((entry) => !entry.isGone)
    .map(({ firstId, chunkCount }) => [firstId, firstId + chunkCount]);
}

function isWorthwhile(live: readonly [number, number][], header: GraphHeader | null, missingMax: number): boolean {
  if (header === null) return true;
  const liveBefore = countBelow(live, header.endId);
  const missing = countBelow(live, Number.POSITIVE_INFINITY) - liveBefore;
  return missing > missingMax || header.rowCount - liveBefore > header.rowCount * DEAD_SHARE_MAX;
}

function countBelow(live: readonly [number, number][], endId: number): number {
  return live.reduce((sum, [from, to]) => (from < endId ? sum + to - from : sum), 0);
}

function newestGraph(
  folder: string,
  storeId: string,
  reader: StoreReader,
): { path: string; header: GraphHeader } | null {
  for (const { path } of listGraphs(folder, storeId)) {
    const header = checkGraph(path);
    if (header !== null && fitsHeader(header, reader.meta())) return { path, header };
    // It will never fit again.
    rmSync(path, { force: true });
  }
  return null;
}

function removeDead(graph: Index, live: readonly [number, number][], endId: number): void {
  let next = 1;
  for (const [from, to] of [...live, [endId, endId] as const]) {
    for (let id = next; id < Math.min(from, endId); id += 1) {
      if (graph.contains(BigInt(id))) graph.remove(BigInt(id));
    }
    next = Math.max(next, to);
  }
}

function addRows(
  graph: Index,
  reader: StoreReader,
  { fromId, endId, threadCount }: { fromId: number; endId: number; threadCount: number },
): void {
  const { dimensions } = reader.meta();
  for (let at = fromId; at < endId; ) {
    const keys: bigint[] = [];
    const parts: Float32Array[] = [];
    let isEnd = true;
    for (const { firstId, packed } of reader.blocks(at, endId)) {
      const count = packed.length / dimensions;
      for (let index = 0; index < count; index += 1) keys.push(BigInt(firstId + index));
      parts.push(packed);
      at = firstId + count;
      isEnd = keys.length < ADD_ROWS;
      if (!isEnd) break;
    }
    if (keys.length > 0) {
      const rows = new Float32Array(keys.length * dimensions);
      let offset = 0;
      for (const part of parts) {
        rows.set(part, offset);
        offset += part.length;
      }
      graph.add(BigUint64Array.from(keys), rows, threadCount);
    }
    if (isEnd) return;
  }
}

/** Names the graph when it is complete and its store still exists, and removes those that it replaces. */
function publish(graph: Index, header: GraphHeader, folder: string, storeId: string): boolean {
  const path = graphPath(folder, storeId, header.endId);
  const tempPath = `${path}.tmp`;
  try {
    graph.save(tempPath);
    sealGraph(tempPath, header);
    const meta = metaNow(folder, storeId);
    if (meta === null || !fitsHeader(header, meta)) return false;
    renameSync(tempPath, path);
  } finally {
    rmSync(tempPath, { force: true });
  }
  for (const other of listGraphs(folder, storeId)) {
    if (other.path === path) continue;
    try {
      rmSync(other.path, { force: true });
    } catch {
      // Windows keeps a file that is mapped; the next build tries again.
    }
  }
  return true;
}

/** The metadata of a store at this moment; null: it does not exist any more. */
function metaNow(folder: string, storeId: string): Meta | null {
  try {
    const reader = openStoreReader(databasePath(folder, storeId));
    try {
      return reader.meta();
    } finally {
      reader.close();
    }
  } catch (cause) {
    if (cause instanceof IndexError && cause.code === 'store_not_found') return null;
    throw cause;
  }
}
