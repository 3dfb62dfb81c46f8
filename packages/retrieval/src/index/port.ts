import type { AttributeFilter, Attributes } from '@espejo/core';
import type { Chunk } from '../chunk/port.ts';
import type { Calibration } from '../search/calibration.ts';

export interface IndexedChunk extends Chunk {
  /** Unit length, of the store's dimensions, no NaN. */
  readonly vector: Float32Array;
}

export interface IndexedFile {
  readonly fileId: string;
  readonly filename: string;
  readonly attributes: Attributes;
  readonly chunks: readonly IndexedChunk[];
}

export interface IndexQuery {
  /** Queries to find words of; empty: vectors alone. */
  readonly texts: readonly string[];
  /** One a text; empty: words alone. */
  readonly vectors: readonly Float32Array[];
  readonly filter: AttributeFilter | null;
  /** How the score of vectors and that of words count. */
  readonly embeddingWeight: number;
  readonly textWeight: number;
  /** What a cosine of the store's model means. */
  readonly calibration: Calibration;
  /** Chunks wanted. */
  readonly limit: number;
}

export interface IndexHit {
  readonly fileId: string;
  readonly filename: string;
  readonly attributes: Attributes;
  readonly ordinal: number;
  readonly text: string;
  readonly startOffset: number;
  readonly endOffset: number;
  readonly page: number | null;
  readonly line: number;
  /** 0..1, of the query it fits best; comparable between queries and stores of one model. */
  readonly score: number;
  /** How near the vectors are, 0..1: the cosine, calibrated. Null: vectors were not asked for. */
  readonly vectorScore: number | null;
  readonly cosine: number | null;
  /** How much of the query's words the chunk has, 0..1. Null: words were not asked for. */
  readonly textScore: number | null;
}

export interface IndexStats {
  readonly fileCount: number;
  readonly chunkCount: number;
  /** Text bytes and vectors: what OpenAI calls usage. */
  readonly usageBytes: number;
  /** On disk, everything of the store. */
  readonly diskBytes: number;
  readonly fingerprint: string;
  readonly dimensions: number;
  /** exact: every vector is compared; graph: above the threshold. */
  readonly mode: 'exact' | 'graph';
  readonly graph: { readonly indexedRows: number; readonly isBuilding: boolean } | null;
}

/**
 * The chunks, words and vectors of stores, each store apart from every other. Everything that returned is durable: a
 * process killed at any moment finds each file whole or not at all. Nothing here blocks the event loop.
 */
export interface VectorIndex {
  /** Opens a store, making it when it is not there. Throws when it was made for another fingerprint. */
  open(storeId: string, model: { fingerprint: string; dimensions: number }): Promise<void>;
  /** Puts a file in, in place of what it had before, in one step. Answers the bytes that count as its usage. */
  upsertFile(storeId: string, file: IndexedFile): Promise<{ chunkCount: number; usageBytes: number }>;
  setAttributes(storeId: string, fileId: string, attributes: Attributes): Promise<void>;
  /** To remove what is not there is no error. */
  removeFile(storeId: string, fileId: string): Promise<void>;
  search(storeId: string, query: IndexQuery, signal?: AbortSignal): Promise<IndexHit[]>;
  /** The chunks of a file in reading order; `after` is an ordinal. */
  listChunks(
    storeId: string,
    fileId: string,
    page: { after: number | null; limit: number },
  ): Promise<{ chunks: Chunk[]; totalCount: number }>;
  listFiles(storeId: string): Promise<{ fileId: string; chunkCount: number; usageBytes: number }[]>;
  stats(storeId: string): Promise<IndexStats>;
  /**
   * Makes the store anew under another fingerprint, beside the one that serves: `vectorsOf` gives the new vectors of a
   * batch of texts. The new one takes its place in one step; a process killed before that goes on when asked again.
   */
  reembed(
    storeId: string,
    model: { fingerprint: string; dimensions: number },
    vectorsOf: (texts: string[]) => Promise<Float32Array[]>,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Frees what an open store holds in memory. */
  close(storeId: string): Promise<void>;
  /** Deletes the store, file and all. To drop what is not there is no error. */
  drop(storeId: string): Promise<void>;
  closeAll(): Promise<void>;
}
