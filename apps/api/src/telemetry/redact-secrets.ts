/** Fields that hold a secret wherever they come: in headers, in an error, in settings. */
export const SECRET_FIELDS = [
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

const NAMES: ReadonlySet<string> = new Set(SECRET_FIELDS);
export const REDACTED = '[redacted]';
/** Far enough for the headers of a request in an error; deeper things are no lines of a log. */
const DEPTH_MAX = 4;

/** The object without what is secret in it: a copy where there is any, itself where there is none, which is nearly always. */
export function redactSecrets(line: Record<string, unknown>, depth = 0): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined;
  for (const name in line) {
    const value = line[name];
    const clean = NAMES.has(name)
      ? REDACTED
      : isPlain(value) && depth < DEPTH_MAX
        ? redactSecrets(value, depth + 1)
        : value;
    if (clean === value) continue;
    copy ??= Object.assign(Array.isArray(line) ? [] : {}, line) as Record<string, unknown>;
    copy[name] = clean;
  }
  return copy ?? line;
}

/** Errors are not: their serializer makes an object of them, which comes here then. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Error) && !ArrayBuffer.isView(value);
}
