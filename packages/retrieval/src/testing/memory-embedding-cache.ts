import type { EmbeddingCache } from '../embed/embedding-cache.ts';

/** A cache of vectors in memory, with its number of entries. */
export function createMemoryEmbeddingCache(): EmbeddingCache & { readonly size: number } {
  const kept = new Map<string, Float32Array>();
  return {
    get size() {
      return kept.size;
    },
    getMany: async (fingerprint, keys) => keys.map((key) => kept.get(`${fingerprint} ${key}`)),
    async putMany(fingerprint, entries) {
      for (const { key, vector } of entries) kept.set(`${fingerprint} ${key}`, vector.slice());
    },
    close: async () => undefined,
  };
}
