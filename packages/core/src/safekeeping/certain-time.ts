/**
 * Which time has certainly passed. A wall clock can be set wrong, and this must not delete anything for good because of
 * its age. Certain time follows the wall clock while it agrees with a monotonic clock, and stays behind when the wall
 * clock jumps ahead.
 */

/** State between readings, and from one process to the next. */
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
  /** The monotonic time since the last reading; null: another process took that one. */
  readonly elapsedMs: number | null;
}

export interface CertainTimeSettings {
  /** While a process runs, the wall clock may get ahead of the monotonic one by this much. */
  readonly jumpMaxMs: number;
  /** Between two processes there is no monotonic clock: the wall clock may move by this much. */
  readonly gapMaxMs: number;
  /** Once both clocks have agreed for this long after a jump, the wall clock is accepted. */
  readonly believedAfterMs: number;
}

const HOUR_MS = 3_600_000;

export const CERTAIN_TIME_SETTINGS: CertainTimeSettings = {
  jumpMaxMs: HOUR_MS,
  gapMaxMs: 72 * HOUR_MS,
  believedAfterMs: 72 * HOUR_MS,
};

/** Processes a reading. The first one is accepted, because there is nothing to compare it with. */
export function advanceCertainTime(
  known: CertainTime | null,
  { wallMs, elapsedMs }: ClockReading,
  settings: CertainTimeSettings = CERTAIN_TIME_SETTINGS,
): CertainTime {
  if (known === null) return believe(wallMs);
  const movedMs = wallMs - known.wallMs;
  // Two processes may take readings in turns: no more time is counted than the wall clock shows.
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

/** Accepts the wall clock: it is plausible, or a person has confirmed it. */
export function believe(wallMs: number): CertainTime {
  return { wallMs, certainMs: wallMs, agreedMs: 0 };
}

/** By how much the wall clock is ahead of certain time; 0: it is accepted. */
export function doubtedMs(known: CertainTime): number {
  return known.wallMs - known.certainMs;
}
