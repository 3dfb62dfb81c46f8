import type { Chunk } from '../../chunk/port.ts';
import type { ScoredHit } from '../../search/best-hits.ts';
import { openGraph } from '../graph/open-graph.ts';
import { IndexError } from '../index-error.ts';
import type { Arena } from '../memory/arena.ts';
import type { BlockCache } from '../memory/block-cache.ts';
import type { IndexHit, IndexQuery } from '../port.ts';
import { FORMAT } from './schema.ts';
import { bestChunks } from './score-candidates.ts';
import { createFullTextSearch } from './search-full-text.ts';
import { createNearestSearch } from './search-nearest.ts';
import { createSegmentSearch } from './search-segments.ts';
import { createExactSearch } from './search-vectors.ts';
import { databasePath } from './store-files.ts';
import { type FileEntry, openStoreReader } from './store-reader.ts';
import { usageBytes } from './store-writer.ts';
import type { WordSearch } from './word-search.ts';

export interface StoreCounts {
  readonly fileCount: number;
  readonly chunkCount: number;
  readonly usageBytes: number;
  readonly fingerprint: string;
  readonly dimensions: number;
  readonly mode: 'exact' | 'graph';
  readonly graphRows: number | null;
}

/** Everything that reads one store. Each call sees one state of it, the latest. */
export interface StoreSearcher {
  search(query: IndexQuery): IndexHit[];
  listChunks(fileId: string, page: { after: number | null; limit: number }): { chunks: Chunk[]; totalCount: number };
  listFiles(): { fileId: string; chunkCount: number; usageBytes: number }[];
  counts(): StoreCounts;
  /** Opens a graph that was built since. */
  adoptGraph(): void;
  /** Releases the vectors in memory; false: there were none. */
  release(): boolean;
  close(): void;
}

const CHUNK_COLUMNS =
  'ordinal, text, token_count AS tokenCount, start_offset AS startOffset, end_offset AS endOffset, page, line';

export interface SearcherOptions {
  readonly folder: string;
  readonly storeId: string;
  readonly arena: Arena;
  /** Caches words of stores. */
  readonly cache: BlockCache;
  /** Frees memory that other stores hold; false: they hold none. */
  readonly makeRoom: () => boolean;
  /** Up to so many rows every vector is compared. */
  readonly exactRowsMax: number;
}

/** Opens a store for reading. */
export function openStoreSearcher(options: SearcherOptions): StoreSearcher {
  const { folder, storeId, arena, cache, makeRoom, exactRowsMax } = options;
  const reader = openStoreReader(databasePath(folder, storeId));
  const { database } = reader;
  const exact = createExactSearch(reader, arena, makeRoom);
  const nearest = createNearestSearch(reader, exact, {
    exactRowsMax,
    open: (meta) => openGraph(folder, storeId, meta),
  });
  const chunkById = database.prepare<[number], Chunk>(`SELECT ${CHUNK_COLUMNS} FROM chunk WHERE id = ?`);
  const chunksAfter = database.prepare<[number, number, number, number], Chunk>(
    `SELECT ${CHUNK_COLUMNS} FROM chunk WHERE id BETWEEN ? AND ? AND ordinal > ? ORDER BY id LIMIT ?`,
  );
  let chunkCount = 0;
  let words: WordSearch | undefined;

  /** The search over the words in the present format. */
  const wordSearch = (): WordSearch => {
    const { format } = reader.meta();
    if (words?.format === format) return words;
    const rowCount = () => chunkCount;
    const isLive = (chunkId: number) => reader.entryOf(chunkId) !== undefined;
    words =
      format === FORMAT
        ? createSegmentSearch(database, format, { cache, rowCount, entries: reader.entries, isLive })
        : createFullTextSearch(database, format, rowCount);
    return words;
  };

  const read = <T>(work: () => T): T =>
    reader.inSnapshot((changes) => {
      exact.follow(changes);
      nearest.follow(changes);
      chunkCount = changes.isAll ? sumOf(changes.added) : chunkCount + sumOf(changes.added) - changes.goneCount;
      words?.changed();
    }, work);

  const hitOf = ({ id, ...scores }: ScoredHit): IndexHit[] => {
    const file = reader.entryOf(id);
    const chunk = file === undefined ? undefined : chunkById.get(id);
    if (file === undefined || chunk === undefined) return [];
    const { fileId, filename, attributes } = file;
    const { tokenCount: _, ...rest } = chunk;
    return [{ fileId, filename, attributes, ...rest, ...scores }];
  };

  return {
    search: (query) =>
      read(() => {
        const { dimensions } = reader.meta();
        if (query.vectors.some((vector) => vector.length !== dimensions || !vector.every(Number.isFinite))) {
          throw new IndexError('invalid_vector', `A query of this store is a vector of ${dimensions} dimensions.`);
        }
        const allowed = query.filter === null ? null : reader.matching(query.filter);
        return bestChunks({ nearest, exact, words: wordSearch() }, query, allowed).flatMap(hitOf);
      }),
    listChunks: (fileId, { after, limit }) =>
      read(() => {
        const file = reader.files().get(fileId);
        if (file === undefined) return { chunks: [], totalCount: 0 };
        const last = file.firstId + file.chunkCount - 1;
        return { chunks: chunksAfter.all(file.firstId, last, after ?? -1, limit), totalCount: file.chunkCount };
      }),
    listFiles: () =>
      read(() => {
        const { dimensions } = reader.meta();
        return [...reader.files().values()].map((file) => ({
          fileId: file.fileId,
          chunkCount: file.chunkCount,
          usageBytes: usageBytes(file.textBytes, file.chunkCount, dimensions),
        }));
      }),
    counts: () =>
      read(() => {
        const { fingerprint, dimensions } = reader.meta();
        const files = [...reader.files().values()];
        const textBytes = files.reduce((sum, file) => sum + file.textBytes, 0);
        return {
          fileCount: files.length,
          chunkCount,
          usageBytes: usageBytes(textBytes, chunkCount, dimensions),
          fingerprint,
          dimensions,
          mode: nearest.isGraph() ? 'graph' : 'exact',
          graphRows: nearest.graphRows(),
        };
      }),
    adoptGraph: () => read(() => nearest.adopt()),
    release() {
      const hadRows = exact.residentRows() > 0;
      exact.release();
      return hadRows;
    },
    close() {
      exact.release();
      reader.close();
    },
  };
}

function sumOf(files: readonly FileEntry[]): number {
  return files.reduce((sum, file) => sum + file.chunkCount, 0);
}
