import mime from 'mime';

/** What senders say who do not know. */
const SAYS_NOTHING = 'application/octet-stream';

/** The type of a file: as its sender named it, or as its name's ending says; null: neither does. */
export function mimeTypeOf(filename: string, given: string | null): string | null {
  const named = given?.trim().toLowerCase() || null;
  if (named !== null && named !== SAYS_NOTHING) return named;
  return mime.getType(filename) ?? named;
}
