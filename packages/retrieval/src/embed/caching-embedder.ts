import { createHash } from 'node:crypto';
import type { EmbeddingCache } from './embedding-cache.ts';
import type { Embedder } from './port.ts';

/** An embedder that computes no vector twice: not of a text in the cache, nor of one that occurs twice in a call. */
export function createCachingEmbedder(inner: Embedder, cache: EmbeddingCache): Embedder {
  const { fingerprint, dimensions } = inner.model;
  return {
    model: inner.model,
    async embed(texts, options) {
      const keys = texts.map((text) => keyOf(text, options.purpose));
      const vectors = new Map<string, Float32Array>();
      for (const [at, vector] of (await cache.getMany(fingerprint, keys)).entries()) {
        const key = keys[at];
        // A cached vector of another length is damaged.
        if (key !== undefined && vector?.length === dimensions) vectors.set(key, vector);
      }
      const missing = new Map<string, string>();
      for (const [at, key] of keys.entries()) if (!vectors.has(key)) missing.set(key, texts[at] ?? '');
      if (missing.size > 0) {
        const made = await inner.embed([...missing.values()], options);
        const entries = [...missing.keys()].flatMap((key, at) => {
          const vector = made[at];
          return vector === undefined ? [] : [{ key, vector }];
        });
        await cache.putMany(fingerprint, entries);
        for (const { key, vector } of entries) vectors.set(key, vector);
      }
      return keys.map((key) => copyOf(vectors.get(key)));
    },
  };
}

/** Includes the purpose: some models embed a query differently from the same words in a document. */
function keyOf(text: string, purpose: string): string {
  return createHash('sha256').update(`${purpose}\0${text}`).digest('hex');
}

/** Equal texts get separate vectors, because a caller may change them. */
function copyOf(vector: Float32Array | undefined): Float32Array {
  if (vector === undefined) throw new Error('The embedder returned fewer vectors than texts.');
  return Float32Array.from(vector);
}
