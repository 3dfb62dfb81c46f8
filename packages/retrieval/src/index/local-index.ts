import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { createBuildQueue } from './graph/build-queue.ts';
import { IndexError } from './index-error.ts';
import { createOpenedStores } from './opened-stores.ts';
import type { VectorIndex } from './port.ts';
import { checkStoreId } from './store/store-files.ts';
import type { BuildMethods } from './threads/build-thread.ts';
import { createCaller } from './threads/calls.ts';
import type { SearchMethods } from './threads/search-thread.ts';
import type { WriteMethods } from './threads/write-thread.ts';
import { createWordRebuilds } from './word-rebuilds.ts';

export interface LocalIndexOptions {
  /** Created if absent. One process at a time writes to it. */
  readonly folder: string;
  /** Threads that search; each store belongs to one. One more thread writes. */
  readonly workerCount: number;
  /** Vectors in memory, over all threads; the rest is read from disk at every search. */
  readonly memoryBytesMax: number;
  /** Stores open at a time; the one used least recently is closed. */
  readonly openStoresMax: number;
  /** A name that was never used before. */
  readonly newToken: () => string;
  /** Up to so many rows a store has no graph and every vector is compared: some 0.05 ms per thousand rows of 384. */
  readonly exactRowsMax?: number;
  /** After this time without a write, every row of a store with a graph is added to it. */
  readonly quietMs?: number;
  /** Processors for building a graph. */
  readonly buildThreadCount?: number;
  /** A graph or the words of a store could not be built: it serves with what it has. */
  readonly onBuildError?: (storeId: string, error: unknown) => void;
}

/** A VectorIndex over local files, with the functions of its owner. */
export interface LocalIndex extends VectorIndex {
  /** When no graph and no words are being built any more. */
  settled(): Promise<void>;
}

const EXACT_ROWS_MAX = 20_000;
const QUIET_MS = 10_000;

/** Chunks per batch of vectors when a store is re-embedded. */
const REEMBED_ROWS = 256;
/** Chunks per step of rebuilding words: some 20 ms of the thread that writes. */
const REBUILD_ROWS = 128;

/**
 * Stores as SQLite files in a folder: chunks, words and vectors of one store in `<id>.db`. All work is done in threads.
 * Searches read snapshots, so they wait for no write; writes of all stores go through one thread, one after the other.
 */
export function createLocalIndex(options: LocalIndexOptions): LocalIndex {
  const { folder, workerCount, newToken, exactRowsMax = EXACT_ROWS_MAX } = options;
  const threadCount = Math.max(1, workerCount);
  const writer = createCaller<WriteMethods>(
    () => new Worker(new URL('./threads/write-thread.ts', import.meta.url), { workerData: { folder, openMax: 32 } }),
  );
  const searchers = Array.from({ length: threadCount }, () =>
    createCaller<SearchMethods>(
      () =>
        new Worker(new URL('./threads/search-thread.ts', import.meta.url), {
          workerData: {
            folder,
            exactRowsMax,
            memoryBytesMax: Math.floor(options.memoryBytesMax / threadCount),
            openMax: Math.max(1, Math.ceil(options.openStoresMax / threadCount)),
          },
        }),
    ),
  );

  const searcherOf = (storeId: string) => {
    checkStoreId(storeId);
    const hash = createHash('sha256').update(storeId).digest().readUInt32LE();
    const searcher = searchers[hash % searchers.length];
    if (searcher === undefined) throw new IndexError('closed', 'The index is closed.');
    return searcher;
  };

  const builder = createCaller<BuildMethods>(
    () =>
      new Worker(new URL('./threads/build-thread.ts', import.meta.url), {
        workerData: { folder, exactRowsMax, threadCount: options.buildThreadCount ?? 1 },
      }),
  );
  const builds = createBuildQueue({
    rowsBetween: Math.max(1, Math.floor(exactRowsMax / 4)),
    quietMs: options.quietMs ?? QUIET_MS,
    build: (storeId, isQuiet) => builder.call('build', { storeId, isQuiet }),
    adopt: (storeId) => searcherOf(storeId).call('adoptGraph', { storeId }),
    onError: options.onBuildError ?? (() => undefined),
    now: () => performance.now(),
    later(delayMs, work) {
      const timer = setTimeout(work, delayMs).unref();
      return () => clearTimeout(timer);
    },
  });

  const rebuilds = createWordRebuilds({
    step: (storeId, afterId) => writer.call('rebuildWords', { storeId, afterId, rowsMax: REBUILD_ROWS }),
    onError: options.onBuildError ?? (() => undefined),
  });

  const opened = createOpenedStores(options.openStoresMax);

  return {
    async open(storeId, model) {
      checkStoreId(storeId);
      // Every search opens its store; an open one skips the queue of writes.
      if (opened.has(storeId, model)) return;
      const note = opened.begin(storeId, model);
      const { hasOldWords } = await writer.call('open', { storeId, model, epoch: newToken() });
      const { chunkCount } = await searcherOf(storeId).call('open', { storeId });
      note();
      if (chunkCount > exactRowsMax) builds.opened(storeId);
      if (hasOldWords) rebuilds.opened(storeId);
    },
    async upsertFile(storeId, { fileId, filename, attributes, chunks }) {
      checkStoreId(storeId);
      const packed = pack(chunks.map((chunk) => chunk.vector));
      const rows = chunks.map(({ vector: _, ...chunk }) => chunk);
      const file = { fileId, filename, attributes, chunks: rows, packed };
      const written = await writer.call('upsertFile', { storeId, file }, { transfer: [packed.buffer] });
      builds.changed(storeId, written.chunkCount);
      return written;
    },
    async setAttributes(storeId, fileId, attributes) {
      checkStoreId(storeId);
      await writer.call('setAttributes', { storeId, fileId, attributes });
    },
    async removeFile(storeId, fileId) {
      checkStoreId(storeId);
      builds.changed(storeId, await writer.call('removeFile', { storeId, fileId }));
    },
    search: async (storeId, query, signal) => searcherOf(storeId).call('search', { storeId, query }, { signal }),
    listChunks: async (storeId, fileId, page) => searcherOf(storeId).call('listChunks', { storeId, fileId, page }),
    listFiles: async (storeId) => searcherOf(storeId).call('listFiles', { storeId }),
    async stats(storeId) {
      const stats = await searcherOf(storeId).call('stats', { storeId });
      const isBuilding = builds.isBuilding(storeId) && stats.chunkCount > exactRowsMax;
      if (stats.graph === null && !isBuilding) return stats;
      return { ...stats, graph: { indexedRows: stats.graph?.indexedRows ?? 0, isBuilding } };
    },
    async reembed(storeId, model, vectorsOf, signal) {
      checkStoreId(storeId);
      if (!(await writer.call('beginReembed', { storeId, model }))) return;
      let afterId = 0;
      while (true) {
        signal?.throwIfAborted();
        const batch = await writer.call('nextBatchOrSwap', { storeId, model, afterId, rowsMax: REEMBED_ROWS });
        if (batch === null) {
          opened.forget(storeId);
          builds.opened(storeId);
          return;
        }
        const { blocks, texts } = batch;
        const vectors = await vectorsOf(texts);
        if (vectors.length !== texts.length) {
          throw new IndexError('invalid_vector', `${texts.length} texts have ${vectors.length} vectors.`);
        }
        const packed = pack(vectors);
        await writer.call('keepBatch', { storeId, model, blocks, packed }, { transfer: [packed.buffer] });
        afterId = blocks.at(-1)?.firstId ?? 0;
      }
    },
    async close(storeId) {
      opened.forget(storeId);
      await searcherOf(storeId).call('close', { storeId });
      await writer.call('close', { storeId });
    },
    async drop(storeId) {
      const searcher = searcherOf(storeId);
      builds.forget(storeId);
      opened.forget(storeId);
      await writer.call('drop', { storeId });
      opened.forget(storeId);
      // The file that it had open has been deleted or replaced.
      await searcher.call('close', { storeId });
    },
    async settled() {
      await rebuilds.settled();
      await builds.settled();
    },
    async closeAll() {
      await Promise.all([writer, builder, ...searchers].map((caller) => caller.stop()));
    },
  };
}

function pack(vectors: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  if (vectors.some((vector) => vector.length !== vectors[0]?.length)) {
    throw new IndexError('invalid_vector', 'All vectors of a store have the same dimensions.');
  }
  const packed = new Float32Array(vectors.reduce((sum, vector) => sum + vector.length, 0));
  let at = 0;
  for (const vector of vectors) {
    packed.set(vector, at);
    at += vector.length;
  }
  return packed;
}
