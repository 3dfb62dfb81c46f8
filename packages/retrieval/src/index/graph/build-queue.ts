import { IndexError } from '../index-error.ts';

/** The result of a check of a store's graph. */
export type BuildOutcome =
  /** There is a new graph. */
  | 'made'
  /** The current one is good enough, or none can be built. */
  | 'kept'
  /** The store has so few rows that it needs none. */
  | 'not_needed';

export interface BuildQueue {
  /** So many rows of a store were written or removed. */
  changed(storeId: string, rowCount: number): void;
  /** The store was opened or re-embedded: it may need a graph without further changes. */
  opened(storeId: string): void;
  forget(storeId: string): void;
  isBuilding(storeId: string): boolean;
  /** When no build is running any more, and every row that can be in a graph is. */
  settled(): Promise<void>;
}

export interface BuildQueueOptions {
  /** Changed rows before a graph is checked while a store is being written to. */
  readonly rowsBetween: number;
  /** After this time without a change the remaining rows are added, however few they are. */
  readonly quietMs: number;
  /** Builds a graph where it is worthwhile; with `isQuiet`, where any row is missing from it. */
  readonly build: (storeId: string, isQuiet: boolean) => Promise<BuildOutcome>;
  readonly adopt: (storeId: string) => Promise<void>;
  readonly onError: (storeId: string, error: unknown) => void;
  readonly now: () => number;
  /** Schedules the work, and returns a function that cancels it. */
  readonly later: (delayMs: number, work: () => void) => () => void;
}

/** A store with continuous writes is updated after so many times `quietMs`. */
const QUIET_WAITS_MAX = 6;
/**
 * Even few rows require reading and writing the whole graph, so the wait is so many times as long as the last build.
 */
const WAIT_PER_BUILD = 5;

interface Pending {
  readonly sinceMs: number;
  readonly cancel: () => void;
}

/**
 * Decides when a graph is checked: when a store is opened, each time enough rows changed, and when a store has become
 * quiet. One build per store at a time; changes during it are checked after it.
 */
export function createBuildQueue(options: BuildQueueOptions): BuildQueue {
  const { rowsBetween, quietMs, now, later } = options;
  const rowsSince = new Map<string, number>();
  const running = new Map<string, Promise<void>>();
  /** Stores to be checked when they are quiet. */
  const pending = new Map<string, Pending>();
  /** How long the last build for a quiet store took. */
  const quietBuildMs = new Map<string, number>();
  const needNone = new Set<string>();

  const look = (storeId: string, isQuiet: boolean): void => {
    if (running.has(storeId)) return;
    rowsSince.set(storeId, 0);
    const run = async (): Promise<void> => {
      const startedMs = now();
      try {
        const outcome = await options.build(storeId, isQuiet);
        if (outcome === 'made') {
          await options.adopt(storeId);
          if (isQuiet) quietBuildMs.set(storeId, now() - startedMs);
        }
        if (outcome === 'not_needed') needNone.add(storeId);
        else {
          needNone.delete(storeId);
          // Rows that came meanwhile were not recorded while the store seemed to need no graph.
          if (!isQuiet) lookWhenQuiet(storeId);
        }
      } catch (error) {
        // A store that was dropped, or an index that was closed, needs no graph.
        const isGone = error instanceof IndexError && (error.code === 'store_not_found' || error.code === 'closed');
        if (!isGone) options.onError(storeId, error);
      }
      running.delete(storeId);
      if ((rowsSince.get(storeId) ?? 0) >= rowsBetween) look(storeId, false);
    };
    running.set(storeId, run());
  };

  const lookWhenQuiet = (storeId: string): void => {
    const before = pending.get(storeId);
    before?.cancel();
    const sinceMs = before?.sinceMs ?? now();
    const waitMs = Math.max(quietMs, (quietBuildMs.get(storeId) ?? 0) * WAIT_PER_BUILD);
    const leftMs = sinceMs + waitMs * QUIET_WAITS_MAX - now();
    const cancel = later(Math.max(0, Math.min(waitMs, leftMs)), () => lookNow(storeId));
    pending.set(storeId, { sinceMs, cancel });
  };

  const lookNow = (storeId: string): void => {
    pending.get(storeId)?.cancel();
    pending.delete(storeId);
    // The running build may lack the latest rows.
    if (running.has(storeId)) lookWhenQuiet(storeId);
    else look(storeId, true);
  };

  return {
    changed(storeId, rowCount) {
      const rows = (rowsSince.get(storeId) ?? 0) + rowCount;
      rowsSince.set(storeId, rows);
      if (rows >= rowsBetween) look(storeId, false);
      if (!needNone.has(storeId)) lookWhenQuiet(storeId);
    },
    opened(storeId) {
      // The running build began before the change that made this one necessary.
      if (running.has(storeId)) rowsSince.set(storeId, rowsBetween);
      else look(storeId, false);
      lookWhenQuiet(storeId);
    },
    forget(storeId) {
      rowsSince.delete(storeId);
      pending.get(storeId)?.cancel();
      pending.delete(storeId);
      quietBuildMs.delete(storeId);
      needNone.delete(storeId);
    },
    isBuilding: (storeId) => running.has(storeId),
    async settled() {
      while (running.size > 0 || pending.size > 0) {
        await Promise.all(running.values());
        for (const storeId of [...pending.keys()]) lookNow(storeId);
      }
    },
  };
}
