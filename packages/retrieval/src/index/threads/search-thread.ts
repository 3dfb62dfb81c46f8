/** Reads stores: each store belongs to one of these threads, which has its vectors in memory. */
import { workerData } from 'node:worker_threads';
import { loadUsearch } from '../graph/usearch.ts';
import { createArena } from '../memory/arena.ts';
import { createBlockCache } from '../memory/block-cache.ts';
import type { IndexQuery, IndexStats } from '../port.ts';
import { diskBytesOf } from '../store/store-files.ts';
import { openStoreSearcher, type StoreSearcher } from '../store/store-searcher.ts';
import { answerCalls } from './calls.ts';
import { loadSqlite } from './load-native.ts';

const { folder, memoryBytesMax, openMax, exactRowsMax } = workerData as {
  folder: string;
  memoryBytesMax: number;
  openMax: number;
  exactRowsMax: number;
};
const arena = createArena(memoryBytesMax);
/** Cached words, over all stores. */
const cache = createBlockCache(16 * 2 ** 20);

/** The least recently used first. */
const open = new Map<string, StoreSearcher>();

function use(storeId: string): StoreSearcher {
  const makeSome = () => makeRoom(storeId);
  const searcher =
    open.get(storeId) ?? openStoreSearcher({ folder, storeId, arena, cache, makeRoom: makeSome, exactRowsMax });
  open.delete(storeId);
  open.set(storeId, searcher);
  const oldest = open.keys().next().value;
  if (open.size > openMax && oldest !== undefined) close(oldest);
  return searcher;
}

/** Frees the vectors of the store that was used least recently; false: no other has any. */
function makeRoom(storeId: string): boolean {
  for (const [otherId, searcher] of open) if (otherId !== storeId && searcher.release()) return true;
  return false;
}

function close(storeId: string): void {
  open.get(storeId)?.close();
  open.delete(storeId);
}

const methods = {
  open: ({ storeId }: { storeId: string }) => ({ chunkCount: use(storeId).counts().chunkCount }),
  search: ({ storeId, query }: { storeId: string; query: IndexQuery }) => use(storeId).search(query),
  listChunks: ({
    storeId,
    fileId,
    page,
  }: {
    storeId: string;
    fileId: string;
    page: { after: number | null; limit: number };
  }) => use(storeId).listChunks(fileId, page),
  listFiles: ({ storeId }: { storeId: string }) => use(storeId).listFiles(),
  stats({ storeId }: { storeId: string }): IndexStats {
    const { graphRows, ...counts } = use(storeId).counts();
    const graph = graphRows === null ? null : { indexedRows: graphRows, isBuilding: false };
    return { ...counts, diskBytes: diskBytesOf(folder, storeId), graph };
  },
  adoptGraph: ({ storeId }: { storeId: string }): void => use(storeId).adoptGraph(),
  close: ({ storeId }: { storeId: string }) => close(storeId),
};
export type SearchMethods = typeof methods;

answerCalls(methods, () => {
  loadSqlite();
  loadUsearch();
});
