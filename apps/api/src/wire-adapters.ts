import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createLocalIndex, createParserPool, openDiskBlobStore, openSqliteEmbeddingCache } from '@espejo/retrieval';
import type { Config } from './config.ts';
import { type ChunkThread, createChunkThread } from './services/ingestion/chunk-thread.ts';
import { type Observer, observeDerivation, observeFetch, observeIndex } from './telemetry/observe-adapters.ts';
import { watchEmbedders } from './telemetry/watch-embedders.ts';
import { type EmbedderOptions, openEmbedders } from './wire-embedders.ts';
import type { PrimaryOptions } from './wire-primary.ts';

/** Far longer than any file takes that can be read at all. */
const PARSE_TIMEOUT_MS = 120_000;
const PARSE_MEMORY_MB = 512;
const PARSE_WORKERS = 2;
const SEARCH_WORKERS = 2;
/** Vectors in memory: 700,000 of 384 numbers. */
const VECTOR_BYTES_MAX = 2 ** 30;
const OPEN_STORES_MAX = 1_000;
const EMBEDDING_CACHE_BYTES_MAX = 2 * 2 ** 30;

/** What primary stores stand on, under the data folder. */
export interface Adapters extends Pick<PrimaryOptions, 'blobs' | 'index' | 'parser' | 'chunk' | 'embedders'> {
  readonly folders: Record<'data' | 'blobs' | 'stores' | 'derived', string>;
  /** What failed when embeddings were last asked for; null: nothing did. */
  readonly embeddingFault: () => string | null;
  close(): Promise<void>;
}

/** Opens the adapters of primary stores; together with `wire.ts` the only place that does. */
export async function openAdapters(
  config: Config,
  { observer, ...options }: Omit<EmbedderOptions, 'cache' | 'fetch'> & { readonly observer: Observer },
): Promise<Adapters> {
  const folderOf = (name: string) => join(config.dataDir, name);
  await mkdir(folderOf('stores'), { recursive: true, mode: 0o700 });
  const cache = openSqliteEmbeddingCache({ path: folderOf('embeddings.db'), maxBytes: EMBEDDING_CACHE_BYTES_MAX });
  const embedders = await openEmbedders(config.embeddings, { ...options, cache, fetch: observeFetch(fetch) }).catch(
    async (cause: unknown) => {
      await cache.close();
      throw cause;
    },
  );
  const watched = watchEmbedders(embedders, observer);
  const blobs = await openDiskBlobStore({ folder: folderOf('blobs'), newTempName: randomUUID });
  const index = createLocalIndex({
    folder: folderOf('stores'),
    workerCount: SEARCH_WORKERS,
    memoryBytesMax: VECTOR_BYTES_MAX,
    openStoresMax: OPEN_STORES_MAX,
    newToken: randomUUID,
  });
  const parser = createParserPool({
    workers: PARSE_WORKERS,
    timeoutMs: PARSE_TIMEOUT_MS,
    memoryMb: PARSE_MEMORY_MB,
  });
  const chunks: ChunkThread = createChunkThread();
  return {
    blobs,
    index: observeIndex(index, observer),
    ...observeDerivation({ parser, chunk: chunks.chunk }, observer),
    embedders: watched.embedders,
    embeddingFault: watched.fault,
    folders: {
      data: config.dataDir,
      blobs: folderOf('blobs'),
      stores: folderOf('stores'),
      derived: folderOf('derived'),
    },
    async close() {
      await Promise.all([parser.close(), chunks.close(), cache.close()]);
      await index.closeAll();
    },
  };
}
