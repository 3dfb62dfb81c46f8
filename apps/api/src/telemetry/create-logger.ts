import { type DestinationStream, type Logger, pino } from 'pino';
import { scopeFields } from './spans.ts';

/** Fields that hold a secret wherever they come, in a line or two levels below: in headers, in an error, in settings. */
const SECRET_FIELDS = [
  'apiKey',
  'apiKeyCipher',
  'authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'password',
  'secret',
  'token',
  'consoleToken',
] as const;

/** Loggers that name their request themselves. */
const naming = new WeakSet<object>();

/**
 * The log of the process: a JSON object a line. Each carries whose doing it is (its request, sync run, deletion …) and the
 * span it was written in, and no secret that is in a field of its own.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    redact: { paths: SECRET_FIELDS.flatMap(toPaths), censor: '[redacted]' },
    mixin: (_line: object, _level: number, logger: object) => {
      const fields = scopeFields();
      if (naming.has(logger)) delete fields.reqId;
      return fields;
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** A request's own logger. It names the request even where no scope reaches: before the first hook, or after the last. */
export function requestLogger<L extends { child(bindings: object, options?: object): L }>(
  logger: L,
  bindings: object,
  options: object | undefined,
): L {
  const child = logger.child(bindings, options);
  naming.add(child);
  return child;
}

function toPaths(name: string): string[] {
  const step = /^\w+$/.test(name) ? `.${name}` : `["${name}"]`;
  return [step.replace(/^\./, ''), `*${step}`, `*.*${step}`];
}
