import type { Attributes } from '@espejo/core';
import type { IndexedChunk } from '@espejo/retrieval';
import type { StoreIndex, StoreKey } from '../services/store-index/store-key.ts';

interface MemoryFile {
  readonly filename: string;
  readonly attributes: Attributes;
  readonly chunks: readonly IndexedChunk[];
}

interface MemoryStore {
  fingerprint: string;
  dimensions: number;
  files: Map<string, MemoryFile>;
}

/** An index in memory that finds nothing, but keeps what is added. */
export interface MemoryIndex extends StoreIndex {
  /** The texts of a store, by file. Undefined: there is no such store. */
  contentOf(key: StoreKey): Record<string, string[]> | undefined;
  attributesOf(key: StoreKey, fileId: string): Attributes | undefined;
  fingerprintOf(key: StoreKey): string | undefined;
  /** Every write so far, oldest first. */
  readonly writes: string[];
  /** Runs before each write: a test waits in it, or throws. */
  onWrite: (write: string) => Promise<void>;
}

export function createMemoryIndex(): MemoryIndex {
  const stores = new Map<string, MemoryStore>();
  const storeOf = (storeId: string): MemoryStore => {
    const store = stores.get(storeId);
    if (store === undefined) throw new Error(`Store ${storeId} is not open.`);
    return store;
  };
  const usageOf = ({ chunks }: MemoryFile) =>
    chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk.text) + chunk.vector.byteLength, 0);
  const write = async (what: string) => {
    await index.onWrite(what);
    index.writes.push(what);
  };
  const index: MemoryIndex = {
    writes: [],
    onWrite: async () => undefined,
    contentOf(storeId) {
      const store = stores.get(storeId);
      if (store === undefined) return undefined;
      return Object.fromEntries([...store.files].map(([id, file]) => [id, file.chunks.map((chunk) => chunk.text)]));
    },
    attributesOf: (storeId, fileId) => stores.get(storeId)?.files.get(fileId)?.attributes,
    fingerprintOf: (storeId) => stores.get(storeId)?.fingerprint,
    async open(storeId, { fingerprint, dimensions }) {
      const store = stores.get(storeId);
      if (store === undefined) stores.set(storeId, { fingerprint, dimensions, files: new Map() });
      else if (store.fingerprint !== fingerprint) throw new Error('The store was made for another fingerprint.');
    },
    async upsertFile(storeId, { fileId, ...file }) {
      await write(`upsert ${storeId}/${fileId}`);
      const store = storeOf(storeId);
      for (const { vector } of file.chunks) {
        if (vector.length !== store.dimensions) throw new Error('A vector has other dimensions than its store.');
      }
      store.files.set(fileId, file);
      return { chunkCount: file.chunks.length, usageBytes: usageOf(file) };
    },
    async setAttributes(storeId, fileId, attributes) {
      await write(`attributes ${storeId}/${fileId}`);
      const file = stores.get(storeId)?.files.get(fileId);
      if (file !== undefined) storeOf(storeId).files.set(fileId, { ...file, attributes });
    },
    async removeFile(storeId, fileId) {
      await write(`remove ${storeId}/${fileId}`);
      stores.get(storeId)?.files.delete(fileId);
    },
    search: async () => [],
    async listChunks(storeId, fileId, { after, limit }) {
      const chunks = storeOf(storeId).files.get(fileId)?.chunks ?? [];
      const page = chunks.filter((chunk) => after === null || chunk.ordinal > after).slice(0, limit);
      return { chunks: page.map(({ vector: _, ...chunk }) => chunk), totalCount: chunks.length };
    },
    async listFiles(storeId) {
      return [...storeOf(storeId).files].map(([fileId, file]) => ({
        fileId,
        chunkCount: file.chunks.length,
        usageBytes: usageOf(file),
      }));
    },
    async stats(storeId) {
      const { files, fingerprint, dimensions } = storeOf(storeId);
      const all = [...files.values()];
      const usageBytes = all.reduce((sum, file) => sum + usageOf(file), 0);
      const chunkCount = all.reduce((sum, file) => sum + file.chunks.length, 0);
      const shape = { fingerprint, dimensions, mode: 'exact' as const, graph: null };
      return { fileCount: files.size, chunkCount, usageBytes, diskBytes: usageBytes, ...shape };
    },
    async reembed(storeId, model, vectorsOf, signal) {
      await write(`reembed ${storeId}`);
      const store = storeOf(storeId);
      const files = new Map<string, MemoryFile>();
      for (const [id, file] of store.files) {
        const vectors = await vectorsOf(file.chunks.map((chunk) => chunk.text));
        signal?.throwIfAborted();
        const chunks = file.chunks.map((chunk, i) => ({ ...chunk, vector: vectors[i] ?? new Float32Array() }));
        files.set(id, { ...file, chunks });
      }
      stores.set(storeId, { fingerprint: model.fingerprint, dimensions: model.dimensions, files });
    },
    close: async () => undefined,
    async drop(storeId) {
      await write(`drop ${storeId}`);
      stores.delete(storeId);
    },
    closeAll: async () => undefined,
  };
  return index;
}
