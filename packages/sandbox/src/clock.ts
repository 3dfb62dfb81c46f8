/** The sandbox's time. It only moves forward, so rows never come to exist before older ones. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Moves time forward by this many milliseconds. */
  advance(ms: number): void;
}

/** A clock that stands still until it is advanced. */
export function createManualClock(startMs: number): Clock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += checkedForward(ms);
    },
  };
}

/** The machine's clock, which can be advanced ahead of it. */
export function createSystemClock(readMs: () => number = Date.now): Clock {
  let aheadMs = 0;
  return {
    now: () => readMs() + aheadMs,
    advance: (ms) => {
      aheadMs += checkedForward(ms);
    },
  };
}

/** The clock in whole seconds, as every instant on the wire is. */
export function nowSeconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}

function checkedForward(ms: number): number {
  if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`a clock only moves forward, not by ${ms} ms`);
  return ms;
}
