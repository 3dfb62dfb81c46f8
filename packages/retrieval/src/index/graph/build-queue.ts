import { IndexError } from '../index-error.ts';

export interface BuildQueue {
  /** So many rows of a store were written or removed. */
  changed(storeId: string, rowCount: number): void;
  /** The store was opened or made anew: it may need a graph whatever changes. */
  opened(storeId: string): void;
  forget(storeId: string): void;
  isBuilding(storeId: string): boolean;
  /** When nothing is being built any more. */
  settled(): Promise<void>;
}

/**
 * Decides when a graph is looked after: when a store is opened, and each time enough rows moved. One build a store at a
 * time; what moves during it is looked at after it.
 */
export function createBuildQueue(options: {
  readonly rowsBetween: number;
  readonly build: (storeId: string) => Promise<boolean>;
  readonly adopt: (storeId: string) => Promise<void>;
  readonly onError: (storeId: string, error: unknown) => void;
}): BuildQueue {
  const rowsSince = new Map<string, number>();
  const running = new Map<string, Promise<void>>();

  const look = (storeId: string): void => {
    if (running.has(storeId)) return;
    rowsSince.set(storeId, 0);
    const run = async (): Promise<void> => {
      try {
        if (await options.build(storeId)) await options.adopt(storeId);
      } catch (error) {
        // A store that was dropped, or an index that was closed, needs no graph.
        const isGone = error instanceof IndexError && (error.code === 'store_not_found' || error.code === 'closed');
        if (!isGone) options.onError(storeId, error);
      }
      running.delete(storeId);
      if ((rowsSince.get(storeId) ?? 0) >= options.rowsBetween) look(storeId);
    };
    running.set(storeId, run());
  };

  return {
    changed(storeId, rowCount) {
      const rows = (rowsSince.get(storeId) ?? 0) + rowCount;
      rowsSince.set(storeId, rows);
      if (rows >= options.rowsBetween) look(storeId);
    },
    opened(storeId) {
      // A build that runs began before whatever made this one needed.
      if (running.has(storeId)) rowsSince.set(storeId, options.rowsBetween);
      else look(storeId);
    },
    forget: (storeId) => void rowsSince.delete(storeId),
    isBuilding: (storeId) => running.has(storeId),
    async settled() {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
