import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createLocalIndex,
  createParserPool,
  createRecognizer,
  missingRecognitionPackages,
  moveStores,
  openDiskBlobStore,
  openSqliteEmbeddingCache,
  type Parser,
  withRecognition,
} from '@espejo/retrieval';
import { type Config, ConfigError } from './config.ts';
import type { Log } from './ports.ts';
import { type ChunkThread, createChunkThread } from './services/ingestion/chunk-thread.ts';
import { type Observer, observeDerivation, observeFetch, observeIndex } from './telemetry/observe-adapters.ts';
import { watchEmbedders } from './telemetry/watch-embedders.ts';
import { type EmbedderOptions, openEmbedders } from './wire-embedders.ts';
import type { PrimaryOptions } from './wire-primary.ts';

const PARSE_PROCESSES = 2;
/** The time limit for all scanned pages of one file: each takes seconds. */
const RECOGNITION_TIMEOUT_MS = 30 * 60_000;
const SEARCH_WORKERS = 2;
/** Vectors in memory: 700,000 of 384 numbers. */
const VECTOR_BYTES_MAX = 2 ** 30;
const OPEN_STORES_MAX = 1_000;
const EMBEDDING_CACHE_BYTES_MAX = 2 * 2 ** 30;

/** The adapters of primary stores, under the data folder. */
export interface Adapters extends Pick<PrimaryOptions, 'blobs' | 'index' | 'parser' | 'chunk' | 'embedders'> {
  readonly folders: Record<'data' | 'blobs' | 'stores' | 'derived', string>;
  /** The error of the last embedding call; null: none. */
  readonly embeddingFault: () => string | null;
  close(): Promise<void>;
}

/** Opens the adapters of primary stores; the only place that does, together with `wire.ts`. */
export async function openAdapters(
  config: Config,
  { observer, log, ...options }: Omit<EmbedderOptions, 'cache'> & { readonly observer: Observer; readonly log: Log },
): Promise<Adapters> {
  const folderOf = (name: string) => join(config.dataDir, name);
  await mkdir(folderOf('stores'), { recursive: true, mode: 0o700 });
  const cache = openSqliteEmbeddingCache({ path: folderOf('embeddings.db'), maxBytes: EMBEDDING_CACHE_BYTES_MAX });
  const embedders = await openEmbedders(config.embeddings, {
    ...options,
    cache,
    fetch: observeFetch(options.fetch),
  }).catch(async (cause: unknown) => {
    await cache.close();
    throw cause;
  });
  const watched = watchEmbedders(embedders, observer);
  const blobs = await openDiskBlobStore({ folder: folderOf('blobs'), newTempName: randomUUID });
  const moved = await moveStores(folderOf('stores'), (ids) => options.db.read.primaryStores.ownersOf(ids));
  if (moved.movedCount > 0) log.info(moved, 'the indexes of stores were moved into the folders of their tenants');
  if (moved.keptIds.length > 0) {
    log.warn(moved, 'some files in the index folder belong to stores of no tenant; they are kept and not used');
  }
  const index = createLocalIndex({
    folder: folderOf('stores'),
    workerCount: SEARCH_WORKERS,
    memoryBytesMax: VECTOR_BYTES_MAX,
    openStoresMax: OPEN_STORES_MAX,
    newToken: randomUUID,
  });
  const parser = openParser(config, folderOf('blobs'), observer);
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

/** Parses files in separate processes; scanned pages too, where that is configured. Throws ConfigError. */
function openParser({ parsing, recognition }: Config, blobsFolder: string, { timings }: Observer): Parser {
  const shared = { readableFolders: [blobsFolder], onEvent: timings.countParserEvent };
  const parser = createParserPool({ ...shared, ...parsing, processes: PARSE_PROCESSES });
  if (recognition === null) return parser;
  const missing = missingRecognitionPackages();
  if (missing.length > 0) {
    throw new ConfigError(
      `ESPEJO_OCR needs packages that are not installed: ${missing.join(', ')}. Run "npm ci --include=optional", or leave ESPEJO_OCR out.`,
    );
  }
  return withRecognition(parser, createRecognizer({ ...shared, ...recognition, timeoutMs: RECOGNITION_TIMEOUT_MS }));
}
