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
  /** Queries for words; empty: only vectors. */
  readonly texts: readonly string[];
  /** One per text; empty: only words. */
  readonly vectors: readonly Float32Array[];
  readonly filter: AttributeFilter | null;
  /** The weights of the vector score and the word score. */
  readonly embeddingWeight: number;
  readonly textWeight: number;
  /** Maps a cosine of the store's model to a score. */
  readonly calibration: Calibration;
  /** The number of requested chunks. */
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
  /** 0..1, for the query it matches best; comparable between queries and stores of one model. */
  readonly score: number;
  /** 0..1: the calibrated cosine. Null: vectors were not used. */
  readonly vectorScore: number | null;
  readonly cosine: number | null;
  /** 0..1: the share of the query's words that the chunk has. Null: words were not used. */
  readonly textScore: number | null;
}

export interface IndexStats {
  readonly fileCount: number;
  readonly chunkCount: number;
  /** Text bytes and vectors: OpenAI's usage. */
  readonly usageBytes: number;
  /** On disk, all files of the store. */
  readonly diskBytes: number;
  readonly fingerprint: string;
  readonly dimensions: number;
  /** exact: every vector is compared; graph: above the threshold. */
  readonly mode: 'exact' | 'graph';
  readonly graph: { readonly indexedRows: number; readonly isBuilding: boolean } | null;
}

/**
 * The chunks, words and vectors of stores, each store separate from every other. Everything that returned is durable:
 * after a kill at any moment each file is complete or absent. Nothing here blocks the event loop.
 */
export interface VectorIndex {
  /** Opens a store, creating it if it does not exist. Throws when it has another fingerprint. */
  open(storeId: string, model: { fingerprint: string; dimensions: number }): Promise<void>;
  /** Adds a file, replacing its former content in one step. Returns the bytes that count as its usage. */
  upsertFile(storeId: string, file: IndexedFile): Promise<{ chunkCount: number; usageBytes: number }>;
  setAttributes(storeId: string, fileId: string, attributes: Attributes): Promise<void>;
  /** No error when it does not exist. */
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
   * Re-embeds the store with another model, while the current vectors serve: `vectorsOf` returns the new vectors of a
   * batch of texts. The new vectors replace the old ones in one step; after a kill, the next call continues.
   */
  reembed(
    storeId: string,
    model: { fingerprint: string; dimensions: number },
    vectorsOf: (texts: string[]) => Promise<Float32Array[]>,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Frees the memory of an open store. */
  close(storeId: string): Promise<void>;
  /** Deletes the store with all its files. No error when it does not exist. */
  drop(storeId: string): Promise<void>;
  closeAll(): Promise<void>;
}
