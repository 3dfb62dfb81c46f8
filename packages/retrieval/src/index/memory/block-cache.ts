/** A block in memory that can be evicted. */
export interface CachedBlock {
  readonly sizeBytes: number;
  /** Releases it. */
  forget(): void;
}

/** Bounds the bytes of cached blocks of all owners: the oldest are evicted first. */
export interface BlockCache {
  keep(block: CachedBlock): void;
}

/** An empty cache of so many bytes. */
export function createBlockCache(bytesMax: number): BlockCache {
  const kept = new Set<CachedBlock>();
  let sizeBytes = 0;
  return {
    keep(block) {
      kept.add(block);
      sizeBytes += block.sizeBytes;
      for (const oldest of kept) {
        if (sizeBytes <= bytesMax) return;
        kept.delete(oldest);
        sizeBytes -= oldest.sizeBytes;
        oldest.forget();
      }
    },
  };
}
