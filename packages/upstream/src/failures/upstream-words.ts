import { isJsonObject } from '../parse/parse-fields.ts';

const WORDS_MAX = 300;
/** The form of a key, a bearer token or a masked key, of any owner. */
const KEY_LIKE = /\b(sk|sess|pk|rk)-[\w*.-]{4,}|\bbearer\s+\S+/gi;
const SCOPES_MAX = 10;
const SCOPE_LIST = /missing scopes?:\s*((?:[\w-]+(?:\.[\w-]+)+(?:\s*,\s*|\s+and\s+|\s*))+)/i;
const SAYS_PERMISSION = /\binsufficient permissions?\b|\bmissing scopes?\b/i;

/**
 * Upstream's own sentence, sanitised for quoting: one line of at most 300 characters, without control characters and
 * without anything that looks like a key. Null when there is none.
 */
export function toQuote(text: unknown, secrets: readonly string[] = []): string | null {
  if (typeof text !== 'string') return null;
  let quote = text.slice(0, 20 * WORDS_MAX);
  for (const secret of secrets) if (secret !== '') quote = quote.replaceAll(secret, '[secret]');
  quote = quote
    .replace(KEY_LIKE, '[secret]')
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .trim();
  if (quote.length > WORDS_MAX) quote = `${[...quote].slice(0, WORDS_MAX - 1).join('')}…`;
  return quote === '' ? null : quote;
}

/** `message` of OpenAI's error envelope. */
export function messageOf(body: unknown): string | null {
  if (!isJsonObject(body) || !isJsonObject(body.error)) return null;
  return typeof body.error.message === 'string' ? body.error.message : null;
}

/** The scopes that a key lacks according to upstream: `api.files.read`. Only names of that form are accepted. */
export function missingScopesOf(body: unknown): readonly string[] {
  const list = SCOPE_LIST.exec(messageOf(body) ?? '')?.[1] ?? '';
  const scopes = list.match(/[\w-]+(?:\.[\w-]+)+/g) ?? [];
  return [...new Set(scopes)].filter((scope) => scope.length <= 100).slice(0, SCOPES_MAX);
}

/** Whether upstream rejects because of the key's permissions, and not because of the key itself. */
export function isAboutPermission(body: unknown): boolean {
  return SAYS_PERMISSION.test(messageOf(body) ?? '');
}
