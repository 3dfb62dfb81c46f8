import { isForwardingHeader, listEntries, locateRequest, type RequestFacts } from '@espejo/core';
import type { ProxySettings } from './settings.ts';

/** Headers of one connection, never forwarded (RFC 9110, section 7.6.1), in either direction. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/**
 * Marks a request as coming through the console. With the shared token as its value it also proves the console's
 * `X-Forwarded-…` headers. It is sent without a token too, so that the request does not count as one of a local program.
 */
const CONSOLE_HEADER = 'x-espejo-console';
const NO_TOKEN = 'none';

/** The cookie with the API key that was entered in the console; it is never forwarded. */
export const KEY_COOKIE = 'espejo_key';

/**
 * Request headers for the API: without hop-by-hop headers, Host and the console's own cookie. The console appends where
 * the request came from to `X-Forwarded-For`, `-Host` and `-Proto`, after the values that were sent. The API trusts the
 * last value because of the token, and earlier ones as far as trusted proxies are configured.
 */
export function toUpstreamHeaders(
  incoming: Headers,
  { consoleToken, ...reach }: Pick<ProxySettings, 'consoleToken' | 'publicHost' | 'trustedProxies'>,
  facts: RequestFacts,
): Headers {
  const headers = withoutHopByHop(incoming);
  // Next adds forwarding headers; they are replaced by those that were sent.
  for (const name of [...headers.keys()]) if (isForwardingHeader(name)) headers.delete(name);
  for (const [name, value] of Object.entries(facts.forwarding)) headers.set(name, value);
  const { host, scheme } = locateRequest(facts, reach);
  append(headers, 'x-forwarded-for', facts.peer ?? 'unknown');
  append(headers, 'x-forwarded-host', host ?? '');
  headers.set('x-forwarded-proto', scheme);
  headers.set(CONSOLE_HEADER, consoleToken ?? NO_TOKEN);
  // `Connection` may name any header, but a client must not hide these two from the API.
  setOrDelete(headers, 'origin', facts.origin);
  setOrDelete(headers, 'sec-fetch-site', facts.fetchSite);
  headers.delete('host');
  headers.delete('expect');
  const cookies = (headers.get('cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !pair.startsWith(`${KEY_COOKIE}=`));
  if (cookies.length === 0) headers.delete('cookie');
  else headers.set('cookie', cookies.join('; '));
  return headers;
}

/** Response headers for the browser. An event stream is marked so that no proxy compresses it, which delays events. */
export function toClientHeaders(upstream: Headers): Headers {
  const headers = withoutHopByHop(upstream);
  if (headers.get('content-type')?.startsWith('text/event-stream')) {
    headers.set('cache-control', 'no-cache, no-transform');
    headers.set('x-accel-buffering', 'no');
  }
  return headers;
}

/** The key from the console's cookie, or null. */
export function readKeyCookie(cookieHeader: string | null): string | null {
  for (const pair of (cookieHeader ?? '').split(';')) {
    const [name, ...rest] = pair.trim().split('=');
    if (name !== KEY_COOKIE) continue;
    try {
      return decodeURIComponent(rest.join('=')) || null;
    } catch {
      return null;
    }
  }
  return null;
}

function append(headers: Headers, name: string, value: string): void {
  headers.set(name, [...listEntries(headers.get(name) ?? undefined), value].join(', '));
}

function setOrDelete(headers: Headers, name: string, value: string | null): void {
  if (value === null) headers.delete(name);
  else headers.set(name, value);
}

function withoutHopByHop(source: Headers): Headers {
  const headers = new Headers(source);
  const named = (source.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase());
  for (const name of [...HOP_BY_HOP, ...named]) {
    if (name !== '') headers.delete(name);
  }
  return headers;
}
