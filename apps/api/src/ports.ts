/** Time as a port: nothing below `wire.ts` reads the machine's clock by itself. */
export interface Clock {
  nowMs(): number;
  /**
   * The time that has passed for certain: never later than `nowMs`, and behind it while that may be wrong. What is deleted
   * for good because of its age is judged by it. Absent: `nowMs` cannot be wrong.
   */
  certainMs?(): number;
}

/** By which instant a clock judges whether something is old enough to be deleted for good. */
export function certainNowMs(clock: Clock): number {
  return clock.certainMs?.() ?? clock.nowMs();
}

/** `length` random hex characters. */
export type RandomHex = (length: number) => string;

/** The part of pino that services use. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
