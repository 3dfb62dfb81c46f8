import { IndexError } from './index-error.ts';

/** Brings the words of stores up to the present format, one store at a time, in steps that other writes come between. */
export interface WordRebuilds {
  /** The store may have words of an older format. */
  opened(storeId: string): void;
  /** When none is under way. */
  settled(): Promise<void>;
}

/** `step` does a part and answers where it came to; null: the store is done. */
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
