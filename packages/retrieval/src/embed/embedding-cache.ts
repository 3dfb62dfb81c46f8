/** Cached vectors by key. Entries may be dropped at any time, because they can be made again. */
export interface EmbeddingCache {
  /** One per key in their order; undefined for what is not cached. */
  getMany(fingerprint: string, keys: readonly string[]): Promise<(Float32Array | undefined)[]>;
  putMany(
    fingerprint: string,
    entries: readonly { readonly key: string; readonly vector: Float32Array }[],
  ): Promise<void>;
  close(): Promise<void>;
}
