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
 * Says to the API that a request came through the console, and, with the token the two share, that what the console says of
 * it in `X-Forwarded-…` is so. Without a token it is still sent: a request with it is not one of this machine's programs.
 */
const CONSOLE_HEADER = 'x-espejo-console';
const NO_TOKEN = 'none';

/** The cookie that holds the API key somebody entered in the console; it never leaves this server. */
export const KEY_COOKIE = 'espejo_key';

/**
 * Request headers for the API: without those of this hop, the Host and the console's own cookie. Where the request came from
 * is said in `X-Forwarded-For`, `-Host` and `-Proto`, the console's word last, after what was sent along; the API believes
 * the last for the token's sake, what stands before it as far as trusted proxies are configured, and judges a request by
 * all of it.
 */
export function toUpstreamHeaders(
  incoming: Headers,
  { consoleToken, ...reach }: Pick<ProxySettings, 'consoleToken' | 'publicHost' | 'trustedProxies'>,
  facts: RequestFacts,
): Headers {
  const headers = withoutHopByHop(incoming);
  // Next adds some of its own; the API is told what was sent.
  for (const name of [...headers.keys()]) if (isForwardingHeader(name)) headers.delete(name);
  for (const [name, value] of Object.entries(facts.forwarding)) headers.set(name, value);
  const { host, scheme } = locateRequest(facts, reach);
  append(headers, 'x-forwarded-for', facts.peer ?? 'unknown');
  append(headers, 'x-forwarded-host', host ?? '');
  headers.set('x-forwarded-proto', scheme);
  headers.set(CONSOLE_HEADER, consoleToken ?? NO_TOKEN);
  // `Connection` may name any header; these two are not the client's to take out of the API's sight.
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

/** Response headers for the browser. An event stream is marked so that nothing on the way compresses, and so delays, it. */
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
