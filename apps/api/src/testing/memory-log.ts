import type { Log } from '../ports.ts';

export interface LoggedEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

/** A log that passes every line to `write`, in order. */
export function createMemoryLog(write: (entry: LoggedEntry) => void): Log {
  const at = (level: LoggedEntry['level']) => (fields: object, message: string) => write({ level, fields, message });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
}

/** A log line in a test: its message, then its fields as JSON. */
export const lineOf = ({ message, fields }: LoggedEntry) => `${message} ${JSON.stringify(fields)}`;
