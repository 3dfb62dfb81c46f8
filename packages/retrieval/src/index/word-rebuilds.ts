import { IndexError } from './index-error.ts';

/** Converts the words of stores to the present format, one store at a time, in steps between which other writes run. */
export interface WordRebuilds {
  /** The store may have words of an older format. */
  opened(storeId: string): void;
  /** When no rebuild is running. */
  settled(): Promise<void>;
}

/** `step` converts a part and returns how far it came; null: the store is done. */
export function createWordRebuilds(options: {
  readonly step: (storeId: string, afterId: number) => Promise<number | null>;
  readonly onError: (storeId: string, error: unknown) => void;
}): WordRebuilds {
  const waiting = new Set<string>();
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    for (const storeId of waiting) {
      try {
        for (let afterId: number | null = 0; afterId !== null; ) afterId = await options.step(storeId, afterId);
      } catch (error) {
        // A store that was dropped, or an index that was closed, needs none.
        const isGone = error instanceof IndexError && (error.code === 'store_not_found' || error.code === 'closed');
        if (!isGone) options.onError(storeId, error);
      }
      waiting.delete(storeId);
    }
    running = undefined;
  };

  return {
    opened(storeId) {
      waiting.add(storeId);
      running ??= run();
    },
    settled: async () => running,
  };
}
