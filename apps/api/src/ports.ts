/** Time as a port: nothing below `wire.ts` reads the machine's clock directly. */
export interface Clock {
  nowMs(): number;
  /**
   * The time that has certainly passed: never later than `nowMs`, and behind it while that may be wrong. Permanent
   * deletion because of age uses it. Absent: `nowMs` cannot be wrong.
   */
  certainMs?(): number;
}

/** The instant by which a clock decides whether something is old enough to be deleted for good. */
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
