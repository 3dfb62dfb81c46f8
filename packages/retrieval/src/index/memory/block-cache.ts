/** Something that is kept in memory until others need its room. */
export interface CachedBlock {
  readonly sizeBytes: number;
  /** Lets go of it. */
  forget(): void;
}

/** Bounds the bytes of blocks that are kept, whoever keeps them: those kept first go first. */
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
