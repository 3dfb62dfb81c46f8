/**
 * Which time has passed for certain. A wall clock can be set wrong, and what is deleted for good because of its age must
 * not go because of that. Certain time follows the wall clock while the wall clock agrees with a clock that only counts
 * (a monotonic one), and stays behind when the wall clock moves ahead without explanation.
 */

/** What is remembered between readings, and from one process to the next. */
export interface CertainTime {
  /** The wall clock at the last reading. */
  readonly wallMs: number;
  /** Never later than the wall clock. */
  readonly certainMs: number;
  /** For how long the two clocks have agreed since the last jump, while certain time stays behind. */
  readonly agreedMs: number;
}

export interface ClockReading {
  readonly wallMs: number;
  /** What the monotonic clock counted since the last reading; null: another process took that one. */
  readonly elapsedMs: number | null;
}

export interface CertainTimeSettings {
  /** While a process runs, the wall clock may get ahead of the monotonic one by this much. */
  readonly jumpMaxMs: number;
  /** Between two processes no clock of ours counts: the wall clock may move by this much. */
  readonly gapMaxMs: number;
  /** Once both clocks have agreed for this long after a jump, the wall clock is believed. */
  readonly believedAfterMs: number;
}

const HOUR_MS = 3_600_000;

export const CERTAIN_TIME_SETTINGS: CertainTimeSettings = {
  jumpMaxMs: HOUR_MS,
  gapMaxMs: 72 * HOUR_MS,
  believedAfterMs: 72 * HOUR_MS,
};

/** Takes a reading into account. The first one ever is believed: there is nothing to hold it against. */
export function advanceCertainTime(
  known: CertainTime | null,
  { wallMs, elapsedMs }: ClockReading,
  settings: CertainTimeSettings = CERTAIN_TIME_SETTINGS,
): CertainTime {
  if (known === null) return believe(wallMs);
  const movedMs = wallMs - known.wallMs;
  // Two processes may take turns at the readings: no more time is counted than the wall clock shows.
  const countedMs = Math.min(Math.max(elapsedMs ?? 0, 0), Math.max(movedMs, 0));
  const certainMs = Math.min(wallMs, known.certainMs + countedMs);
  const unexplainedMs = movedMs - countedMs;
  if (unexplainedMs > (elapsedMs === null ? settings.gapMaxMs : settings.jumpMaxMs))
    return { wallMs, certainMs, agreedMs: 0 };
  if (known.certainMs === known.wallMs) return believe(wallMs);
  // A small difference that is left after the wall clock was set right again is no jump.
  if (wallMs - certainMs <= settings.jumpMaxMs) return believe(wallMs);
  const agreedMs = movedMs < 0 ? 0 : known.agreedMs + countedMs;
  return agreedMs >= settings.believedAfterMs ? believe(wallMs) : { wallMs, certainMs, agreedMs };
}

/** The wall clock is right: nobody doubts it, or a person has said so. */
export function believe(wallMs: number): CertainTime {
  return { wallMs, certainMs: wallMs, agreedMs: 0 };
}

/** By how much the wall clock is ahead of what has passed for certain; 0: it is believed. */
export function doubtedMs(known: CertainTime): number {
  return known.wallMs - known.certainMs;
}
