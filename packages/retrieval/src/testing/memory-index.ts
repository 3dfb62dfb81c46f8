import { matchesFilter } from '@espejo/core';
import { IndexError } from '../index/index-error.ts';
import type { IndexedFile, IndexHit, VectorIndex } from '../index/port.ts';
import { createHitCollector } from '../search/best-hits.ts';
import { queryTerms } from '../search/query-terms.ts';
import { createWordScorer } from '../search/word-score.ts';
import { hashWord } from '../words/word-hash.ts';
import { indexedWords } from '../words/word-stream.ts';

interface Store {
  model: { fingerprint: string; dimensions: number };
  nextId: number;
  readonly files: Map<string, { file: IndexedFile; firstId: number }>;
}

type Row = { id: number; file: IndexedFile; chunk: IndexedFile['chunks'][number] };

/** A VectorIndex that compares everything with everything: the oracle of the real ones, and a fake for their users. */
export function createMemoryIndex(): VectorIndex {
  const stores = new Map<string, Store>();

  const storeOf = (storeId: string): Store => {
    const store = stores.get(storeId);
    if (store === undefined) throw new IndexError('store_not_found', 'There is no such store.');
    return store;
  };

  return {
    async open(storeId, model) {
      if (!/^([A-Za-z0-9][A-Za-z0-9_-]{0,127}\/)?[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(storeId))
        throw new IndexError('invalid_store_id', 'Not a store id.');
      const store = stores.get(storeId);
      if (store === undefined) stores.set(storeId, { model: { ...model }, nextId: 1, files: new Map() });
      else if (store.model.fingerprint !== model.fingerprint || store.model.dimensions !== model.dimensions) {
        throw new IndexError('other_model', 'The store was made with another embedding model.');
      }
    },
    async upsertFile(storeId, file) {
      const store = storeOf(storeId);
      checkVectors(
        file.chunks.map((chunk) => chunk.vector),
        store.model.dimensions,
      );
      store.files.set(file.fileId, { file: structuredClone(file), firstId: store.nextId });
      store.nextId += Math.max(1, file.chunks.length);
      return { chunkCount: file.chunks.length, usageBytes: usageOf(file, store.model.dimensions) };
    },
    async setAttributes(storeId, fileId, attributes) {
      const entry = storeOf(storeId).files.get(fileId);
      if (entry === undefined) throw new IndexError('file_not_found', `There is no file '${fileId}' in the index.`);
      entry.file = { ...entry.file, attributes: structuredClone(attributes) };
    },
    async removeFile(storeId, fileId) {
      storeOf(storeId).files.delete(fileId);
    },
    async search(storeId, query, signal) {
      signal?.throwIfAborted();
      const store = storeOf(storeId);
      checkQuery(query.vectors, store.model.dimensions);
      const rows = rowsOf(store);
      const { filter } = query;
      const allowed = filter === null ? rows : rows.filter(({ file }) => matchesFilter(file.attributes, filter));
      const isByVector = query.embeddingWeight > 0 && query.vectors.length > 0;
      const isByText = query.textWeight > 0 && query.texts.length > 0;
      const streams = new Map(rows.map(({ id, chunk }) => [id, indexedWords(chunk.text).stream]));
      const rowsWith = (word: string) =>
        [...streams.values()].filter((stream) => stream.includes(hashWord(word))).length;
      const hits = createHitCollector(query, query.calibration);
      for (
        let at = 0;
        at < Math.max(isByVector ? query.vectors.length : 0, isByText ? query.texts.length : 0);
        at += 1
      ) {
        const vector = isByVector ? query.vectors[at] : undefined;
        const text = isByText ? query.texts[at] : undefined;
        const scorer = text === undefined ? null : createWordScorer(queryTerms(text), rowsWith, rows.length);
        for (const { id, chunk } of allowed) {
          const textScore = scorer === null ? null : scorer.score(streams.get(id) ?? new Uint32Array());
          if (vector === undefined && (textScore === null || textScore === 0)) continue;
          hits.add(id, { cosine: vector === undefined ? null : dot(vector, chunk.vector), textScore });
        }
      }
      const rowById = new Map(rows.map((row) => [row.id, row]));
      return hits.best(query.limit).flatMap(({ id, ...scores }): IndexHit[] => {
        const row = rowById.get(id);
        if (row === undefined) return [];
        const { fileId, filename, attributes } = row.file;
        const { vector: _, tokenCount: __, ...rest } = row.chunk;
        return [{ fileId, filename, attributes, ...rest, ...scores }];
      });
    },
    async listChunks(storeId, fileId, { after, limit }) {
      const chunks = storeOf(storeId).files.get(fileId)?.file.chunks ?? [];
      const page = chunks.filter((chunk) => chunk.ordinal > (after ?? -1)).slice(0, limit);
      return { chunks: page.map(({ vector: _, ...chunk }) => chunk), totalCount: chunks.length };
    },
    async listFiles(storeId) {
      const { files, model } = storeOf(storeId);
      return [...files.values()].map(({ file }) => ({
        fileId: file.fileId,
        chunkCount: file.chunks.length,
        usageBytes: usageOf(file, model.dimensions),
      }));
    },
    async stats(storeId) {
      const { files, model } = storeOf(storeId);
      const all = [...files.values()].map(({ file }) => file);
      return {
        fileCount: all.length,
        chunkCount: all.reduce((sum, file) => sum + file.chunks.length, 0),
        usageBytes: all.reduce((sum, file) => sum + usageOf(file, model.dimensions), 0),
        diskBytes: 0,
        ...model,
        mode: 'exact',
        graph: null,
      };
    },
    async reembed(storeId, model, vectorsOf, signal) {
      const store = storeOf(storeId);
      const made = new Map<IndexedFile, Float32Array[]>();
      // A file that came while vectors were made is included as well.
      for (let missing = filesWithout(store, made); missing.length > 0; missing = filesWithout(store, made)) {
        for (const file of missing) {
          signal?.throwIfAborted();
          const texts = file.chunks.map((chunk) => chunk.text);
          const vectors = texts.length === 0 ? [] : await vectorsOf(texts);
          checkVectors(vectors, model.dimensions);
          if (vectors.length !== texts.length) throw new IndexError('invalid_vector', 'A text has no vector.');
          made.set(file, vectors);
        }
      }
      for (const entry of store.files.values()) {
        const vectors = made.get(entry.file) ?? [];
        const chunks = entry.file.chunks.map((chunk, at) => ({ ...chunk, vector: vectors[at] ?? chunk.vector }));
        entry.file = { ...entry.file, chunks };
      }
      store.model = { ...model };
    },
    async close() {},
    async drop(storeId) {
      stores.delete(storeId);
    },
    async closeAll() {},
  };
}

function filesWithout(store: Store, made: ReadonlyMap<IndexedFile, unknown>): IndexedFile[] {
  return [...store.files.values()].map(({ file }) => file).filter((file) => !made.has(file));
}

function rowsOf(store: Store): Row[] {
  return [...store.files.values()].flatMap(({ file, firstId }) =>
    file.chunks.map((chunk, index) => ({ id: firstId + index, file, chunk })),
  );
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (const [index, value] of left.entries()) sum += value * (right[index] ?? 0);
  return sum;
}

function usageOf(file: IndexedFile, dimensions: number): number {
  return file.chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk.text) + 4 * dimensions, 0);
}

function checkQuery(vectors: readonly Float32Array[], dimensions: number): void {
  if (vectors.some((vector) => vector.length !== dimensions || !vector.every(Number.isFinite))) {
    throw new IndexError('invalid_vector', `A query of this store is a vector of ${dimensions} dimensions.`);
  }
}

function checkVectors(vectors: readonly Float32Array[], dimensions: number): void {
  checkQuery(vectors, dimensions);
  if (vectors.some((vector) => Math.abs(dot(vector, vector) - 1) >= 0.02)) {
    throw new IndexError('invalid_vector', 'A vector is not of unit length.');
  }
}
