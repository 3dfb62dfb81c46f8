import type { Chunk } from '../../chunk/port.ts';
import { fuseRanks, type RankedList } from '../../search/fuse-ranks.ts';
import { openGraph } from '../graph/open-graph.ts';
import { IndexError } from '../index-error.ts';
import type { Arena } from '../memory/arena.ts';
import type { IndexHit, IndexQuery } from '../port.ts';
import { createNearestSearch } from './search-nearest.ts';
import { createExactSearch } from './search-vectors.ts';
import { createWordSearch } from './search-words.ts';
import { databasePath } from './store-files.ts';
import { type FileEntry, openStoreReader } from './store-reader.ts';
import { usageBytes } from './store-writer.ts';

/** How deep the lists go that are brought together: what is low in both lists may be high in their sum. */
const LIST_DEPTH = { min: 100, perResult: 3, max: 1000 } as const;

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
  /** Takes up a graph that was made since. */
  adoptGraph(): void;
  /** Lets go of the vectors in memory; false: there were none. */
  release(): boolean;
  close(): void;
}

const CHUNK_COLUMNS =
  'ordinal, text, token_count AS tokenCount, start_offset AS startOffset, end_offset AS endOffset, page, line';

export interface SearcherOptions {
  readonly folder: string;
  readonly storeId: string;
  readonly arena: Arena;
  /** Frees memory that other stores hold; false: they hold none. */
  readonly makeRoom: () => boolean;
  /** Rows up to which every vector is compared. */
  readonly exactRowsMax: number;
}

/** Opens a store for reading. */
export function openStoreSearcher({ folder, storeId, arena, makeRoom, exactRowsMax }: SearcherOptions): StoreSearcher {
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
  const words = createWordSearch(database, () => chunkCount);

  const read = <T>(work: () => T): T =>
    reader.inSnapshot((changes) => {
      exact.follow(changes);
      nearest.follow(changes);
      chunkCount = changes.isAll ? sumOf(changes.added) : chunkCount + sumOf(changes.added) - changes.goneCount;
    }, work);

  const hitOf = ({ id, ...places }: ReturnType<typeof fuseRanks>[number]): IndexHit[] => {
    const file = reader.entryOf(id);
    const chunk = file === undefined ? undefined : chunkById.get(id);
    if (file === undefined || chunk === undefined) return [];
    const { fileId, filename, attributes } = file;
    const { tokenCount: _, ...rest } = chunk;
    return [{ fileId, filename, attributes, ...rest, ...places }];
  };

  return {
    search: (query) =>
      read(() => {
        const { dimensions } = reader.meta();
        if (query.vectors.some((vector) => vector.length !== dimensions || !vector.every(Number.isFinite))) {
          throw new IndexError('invalid_vector', `A query of this store is a vector of ${dimensions} dimensions.`);
        }
        const allowed = query.filter === null ? null : reader.matching(query.filter);
        const isByVector = query.embeddingWeight > 0 && query.vectors.length > 0;
        const isByText = query.textWeight > 0 && query.texts.length > 0;
        const depth = isByVector && isByText ? depthFor(query.limit) : query.limit;
        const lists: RankedList[] = [];
        if (isByVector) {
          for (const items of nearest.search(query.vectors, depth, allowed)) lists.push({ kind: 'vector', items });
        }
        if (isByText) {
          for (const text of query.texts) lists.push({ kind: 'text', items: words.search(text, depth, allowed) });
        }
        return fuseRanks(lists, query, query.limit).flatMap(hitOf);
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

function depthFor(limit: number): number {
  const { min, perResult, max } = LIST_DEPTH;
  return Math.max(limit, Math.min(max, Math.max(min, limit * perResult)));
}

function sumOf(files: readonly FileEntry[]): number {
  return files.reduce((sum, file) => sum + file.chunkCount, 0);
}
