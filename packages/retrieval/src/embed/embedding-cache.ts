/** Vectors kept by what they are of. Forgetting is always allowed: what is not there is made again. */
export interface EmbeddingCache {
  /** One a key and in their order; undefined for what is not kept. */
  getMany(fingerprint: string, keys: readonly string[]): Promise<(Float32Array | undefined)[]>;
  putMany(
    fingerprint: string,
    entries: readonly { readonly key: string; readonly vector: Float32Array }[],
  ): Promise<void>;
  close(): Promise<void>;
}
