import { type DestinationStream, type Logger, pino } from 'pino';
import { REDACTED, redactSecrets, SECRET_FIELDS } from './redact-secrets.ts';
import { scopeFields } from './spans.ts';

/** Loggers that name their request themselves. */
const naming = new WeakSet<object>();

/**
 * The log of the process: a JSON object a line. Each carries whose doing it is (its request, sync run, deletion …) and the
 * span it was written in, and no secret that is in a field of its own.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    // What a child logger is made with goes past the formatter. Paths with wildcards would cost more than the line itself.
    redact: { paths: SECRET_FIELDS.map((name) => (/^\w+$/.test(name) ? name : `["${name}"]`)), censor: REDACTED },
    formatters: { log: (line: Record<string, unknown>) => redactSecrets(line) },
    serializers: { err: (cause: Error) => redactSecrets({ ...pino.stdSerializers.err(cause) }) },
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
