import { IndexError } from '../index-error.ts';

/** What became of a look at a store's graph. */
export type BuildOutcome =
  /** There is a new graph. */
  | 'made'
  /** The one that serves does, or none can be made. */
  | 'kept'
  /** The store has so few rows that it needs none. */
  | 'not_needed';

export interface BuildQueue {
  /** So many rows of a store were written or removed. */
  changed(storeId: string, rowCount: number): void;
  /** The store was opened or made anew: it may need a graph whatever changes. */
  opened(storeId: string): void;
  forget(storeId: string): void;
  isBuilding(storeId: string): boolean;
  /** When nothing is being built any more, and no row that can be in a graph is outside one. */
  settled(): Promise<void>;
}

export interface BuildQueueOptions {
  /** Rows that move before a graph is looked at while a store is being written to. */
  readonly rowsBetween: number;
  /** After so long without a change the rows that are still outside a graph are put in, however few they are. */
  readonly quietMs: number;
  /** Makes a graph where it is worthwhile; with `isQuiet`, where any row is outside it. */
  readonly build: (storeId: string, isQuiet: boolean) => Promise<BuildOutcome>;
  readonly adopt: (storeId: string) => Promise<void>;
  readonly onError: (storeId: string, error: unknown) => void;
  readonly now: () => number;
  /** Does the work later, and answers how to prevent it. */
  readonly later: (delayMs: number, work: () => void) => () => void;
}

/** A store that is written to without a pause is put in order after so many times `quietMs`. */
const QUIET_WAITS_MAX = 6;
/** Few rows cost a whole graph to be read and written: that waits so many times as long as it took the last time. */
const WAIT_PER_BUILD = 5;

interface Pending {
  readonly sinceMs: number;
  readonly cancel: () => void;
}

/**
 * Decides when a graph is looked after: when a store is opened, each time enough rows moved, and when a store has become quiet.
 * One build a store at a time; what moves during it is looked at after it.
 */
export function createBuildQueue(options: BuildQueueOptions): BuildQueue {
  const { rowsBetween, quietMs, now, later } = options;
  const rowsSince = new Map<string, number>();
  const running = new Map<string, Promise<void>>();
  /** Stores to be looked at when they are quiet. */
  const pending = new Map<string, Pending>();
  /** How long the last graph took that was made for a quiet store. */
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
          // Rows that came meanwhile were not noted while the store seemed to need no graph.
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
    // What is built now may be without the latest rows.
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
      // A build that runs began before whatever made this one needed.
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
