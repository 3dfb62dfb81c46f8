/** Fields that contain a secret wherever they occur: in headers, in an error, in settings. */
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
/** Deep enough for the headers of a request in an error. */
const DEPTH_MAX = 4;

/** The object without secrets: a copy when it has any, otherwise the object itself, which is the usual case. */
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

/** Errors are not handled here: their serializer makes an object of them, which is. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Error) && !ArrayBuffer.isView(value);
}
