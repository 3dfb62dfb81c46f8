import { matchesFilter } from '@espejo/core';
import { IndexError } from '../index/index-error.ts';
import type { IndexedFile, IndexHit, VectorIndex } from '../index/port.ts';
import { fuseRanks, type RankedList } from '../search/fuse-ranks.ts';
import { queryWords } from '../search/query-words.ts';

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
      if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(storeId))
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
      const lists: RankedList[] = [
        ...query.vectors.map(
          (vector): RankedList => ({
            kind: 'vector',
            items: ranked(allowed.map(({ id, chunk }) => ({ id, score: dot(vector, chunk.vector) }))),
          }),
        ),
        ...query.texts.map((text): RankedList => ({ kind: 'text', items: ranked(scoreWords(rows, allowed, text)) })),
      ];
      const rowById = new Map(rows.map((row) => [row.id, row]));
      return fuseRanks(lists, query, query.limit).flatMap(({ id, ...places }): IndexHit[] => {
        const row = rowById.get(id);
        if (row === undefined) return [];
        const { fileId, filename, attributes } = row.file;
        const { vector: _, tokenCount: __, ...rest } = row.chunk;
        return [{ fileId, filename, attributes, ...rest, ...places }];
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
      // A file that came while vectors were made has its turn as well.
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

function ranked(items: { id: number; score: number }[]): { id: number; score: number }[] {
  return items.sort((a, b) => b.score - a.score || a.id - b.id);
}

/** BM25 as SQLite's FTS5 has it: k1 1.2, b 0.75, and a word in more than half of all rows weighs next to nothing. */
function scoreWords(rows: readonly Row[], allowed: readonly Row[], query: string): { id: number; score: number }[] {
  const wanted = new Set(queryWords(query).map(fold));
  const docs = new Map(rows.map((row) => [row.id, queryTokens(row.chunk.text)]));
  const average = [...docs.values()].reduce((sum, words) => sum + words.length, 0) / Math.max(1, docs.size);
  const weights = [...wanted].map((word) => {
    const holders = [...docs.values()].filter((words) => words.includes(word)).length;
    return { word, weight: Math.max(1e-6, Math.log((docs.size - holders + 0.5) / (holders + 0.5))) };
  });
  return allowed.flatMap(({ id }) => {
    const words = docs.get(id) ?? [];
    let score = 0;
    for (const { word, weight } of weights) {
      const count = words.filter((other) => other === word).length;
      score += (weight * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * words.length) / average));
    }
    return score > 0 ? [{ id, score }] : [];
  });
}

function queryTokens(text: string): string[] {
  return [...text.matchAll(/[\p{L}\p{N}\p{M}\p{Co}]+/gu)].map(([word]) => fold(word));
}

function fold(word: string): string {
  return word.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
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
