import { type DestinationStream, type Logger, pino } from 'pino';
import { REDACTED, redactSecrets, SECRET_FIELDS } from './redact-secrets.ts';
import { scopeFields } from './spans.ts';

/** Loggers that add their request themselves. */
const naming = new WeakSet<object>();

/**
 * The log of the process: one JSON object per line. Each has its cause (request, sync run, deletion …), its span, and
 * no secret in a field of its own.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    // The bindings of a child logger bypass the formatter. Paths with wildcards would cost more than the line itself.
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

/**
 * A request's own logger. It adds the request id also where no scope is active: before the first hook, or after the
 * last.
 */
export function requestLogger<L extends { child(bindings: object, options?: object): L }>(
  logger: L,
  bindings: object,
  options: object | undefined,
): L {
  const child = logger.child(bindings, options);
  naming.add(child);
  return child;
}
