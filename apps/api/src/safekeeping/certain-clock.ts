import { advanceCertainTime, type CertainTime, doubtedMs } from '@espejo/core';
import type { Database } from '@espejo/db';
import { z } from 'zod';
import type { Clock, Log } from '../ports.ts';

/** The key among the facts of the installation. */
export const CLOCK_FACT = 'clock';
/** Readings are saved this often, and whenever doubt begins or ends. */
const WRITE_EVERY_MS = 10 * 60_000;
const OBSERVE_EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;

const StoredTime = z.object({ wallMs: z.number(), certainMs: z.number(), agreedMs: z.number() });

export interface CertainClockDeps {
  readonly db: Database;
  readonly log: Log;
  /** The wall clock. */
  readonly nowMs: () => number;
  /** A monotonic clock with any origin; it runs while the machine sleeps. */
  readonly countedMs: () => number;
}

/** The machine's wall clock, compared with a monotonic one, across processes. */
export interface CertainClock {
  readonly clock: Required<Clock>;
  /** Takes a reading, and every minute from then on until `stop`. */
  start(): Promise<void>;
  /** Takes a reading and saves it when due. Reads what another process or a user wrote. */
  observe(): Promise<void>;
  /** A sentence that says that the wall clock is doubted; null: it is not. */
  fault(): string | null;
  stop(): void;
}

export function createCertainClock({ db, log, nowMs, countedMs }: CertainClockDeps): CertainClock {
  let base: { readonly time: CertainTime; readonly countedMs: number } | undefined;
  let timer: NodeJS.Timeout | undefined;

  const read = (): CertainTime => {
    if (base === undefined) throw new Error('The clock was not started.');
    return advanceCertainTime(base.time, { wallMs: nowMs(), elapsedMs: countedMs() - base.countedMs });
  };

  async function observe(): Promise<void> {
    const stored = StoredTime.safeParse(await db.read.installationFacts.find(CLOCK_FACT));
    const known = stored.success ? stored.data : null;
    const atMs = countedMs();
    const elapsedMs = base === undefined ? null : atMs - base.countedMs;
    const time = advanceCertainTime(known ?? base?.time ?? null, { wallMs: nowMs(), elapsedMs });
    const isDoubted = doubtedMs(time) > 0;
    const wasDoubted = known !== null && doubtedMs(known) > 0;
    const isDue = known === null || Math.abs(time.wallMs - known.wallMs) >= WRITE_EVERY_MS;
    if (isDoubted !== wasDoubted) {
      if (isDoubted) log.warn({ aheadMs: doubtedMs(time) }, describeDoubt(time));
      else log.info({}, 'the clock is trusted again: data due for deletion by its age is deleted');
    }
    if (isDoubted !== wasDoubted || isDue || base === undefined) {
      await db.transaction((tx) => tx.installationFacts.set(CLOCK_FACT, time));
      base = { time, countedMs: atMs };
    } else base = { time: known, countedMs: base.countedMs };
  }

  return {
    clock: { nowMs, certainMs: () => read().certainMs },
    observe,
    async start() {
      await observe();
      timer = setInterval(() => {
        observe().catch((cause: unknown) => log.error({ err: cause }, 'a reading of the clock could not be saved'));
      }, OBSERVE_EVERY_MS);
      timer.unref();
    },
    fault: () => {
      const time = read();
      return doubtedMs(time) > 0 ? describeDoubt(time) : null;
    },
    stop: () => clearInterval(timer),
  };
}

function describeDoubt(time: CertainTime): string {
  const hours = Math.round(doubtedMs(time) / HOUR_MS);
  const ahead = hours >= 48 ? `${Math.round(hours / 24)} days` : `${hours} hours`;
  return `The clock is ${ahead} ahead of the time that has certainly passed. Nothing is deleted for its age until it has run evenly for 72 hours, or npm run confirm -- clock says that it is right.`;
}
