/** The sandbox's clock. It only moves forward, so a new row is never older than an existing one. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Moves time forward by this many milliseconds. */
  advance(ms: number): void;
}

/** A clock that moves only when it is advanced. */
export function createManualClock(startMs: number): Clock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += checkedForward(ms);
    },
  };
}

/** The machine's clock, which can be advanced. */
export function createSystemClock(readMs: () => number = Date.now): Clock {
  let aheadMs = 0;
  return {
    now: () => readMs() + aheadMs,
    advance: (ms) => {
      aheadMs += checkedForward(ms);
    },
  };
}

/** The clock in whole seconds, as in all responses. */
export function nowSeconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}

function checkedForward(ms: number): number {
  if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`a clock only moves forward, not by ${ms} ms`);
  return ms;
}
