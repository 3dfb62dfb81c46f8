import mime from 'mime';

/** What clients send when they do not know the type. */
const SAYS_NOTHING = 'application/octet-stream';

/** Extensions of source code that the registry of types has as something else, or not at all. */
const SOURCE_TYPES: Readonly<Record<string, string>> = {
  ts: 'text/x-typescript',
  mts: 'text/x-typescript',
  cts: 'text/x-typescript',
  tsx: 'text/x-typescript',
  jsx: 'text/javascript',
  rs: 'text/x-rust',
  py: 'text/x-python',
  rb: 'text/x-ruby',
  go: 'text/x-go',
  sh: 'text/x-sh',
  bash: 'text/x-sh',
  sql: 'text/x-sql',
  php: 'text/x-php',
  kt: 'text/x-kotlin',
  swift: 'text/x-swift',
  cs: 'text/x-csharp',
  scala: 'text/x-scala',
  pl: 'text/x-perl',
  lua: 'text/x-lua',
  toml: 'text/x-toml',
};
/** What clients send for such an extension: a video, or an executable. */
const MISTAKEN = /^(video\/|audio\/|application\/(x-|octet-stream|sql|rls-services|toml|typescript|node))/;

/** The type of a file: as the client sent it, or by the extension of its name; null: unknown. Source code is text. */
export function mimeTypeOf(filename: string, given: string | null): string | null {
  const named = given?.trim().toLowerCase() || null;
  const ending = /\.([^.]+)$/.exec(filename)?.[1]?.toLowerCase() ?? '';
  const source = Object.hasOwn(SOURCE_TYPES, ending) ? SOURCE_TYPES[ending] : undefined;
  if (source !== undefined && (named === null || MISTAKEN.test(named))) return source;
  if (named !== null && named !== SAYS_NOTHING) return named;
  return mime.getType(filename) ?? named;
}
