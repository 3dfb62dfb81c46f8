/** The model of a vector: two vectors may be compared only when these are equal. */
export interface EmbeddingModel {
  /** Stable hash of kind, endpoint, model and dimensions. */
  readonly fingerprint: string;
  readonly name: string;
  readonly dimensions: number;
  /** lexical: finds words and spellings, not meanings; static: a table of token vectors on this machine; remote: an endpoint. */
  readonly kind: 'lexical' | 'static' | 'remote';
}

/** Embeds texts: one unit vector per text, in their order. */
export interface Embedder {
  readonly model: EmbeddingModel;
  embed(
    texts: readonly string[],
    options: { purpose: 'document' | 'query'; signal?: AbortSignal },
  ): Promise<Float32Array[]>;
}
