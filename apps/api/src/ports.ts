/** Time as a port: nothing below `wire.ts` reads the machine's clock by itself. */
export interface Clock {
  nowMs(): number;
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
