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

/** Proves to the API that what the console says of a browser is so. */
const CONSOLE_HEADER = 'x-espejo-console';

/** The cookie that holds the API key somebody entered in the console; it never leaves this server. */
export const KEY_COOKIE = 'espejo_key';

/**
 * Request headers for the API: without those of this hop, the Host and the console's own cookie. With the console's token
 * it vouches for the host, scheme and address in `X-Forwarded-…`, by which the API tells a page of ours from another's.
 */
export function toUpstreamHeaders(incoming: Headers, consoleToken: string | undefined): Headers {
  const headers = withoutHopByHop(incoming);
  headers.delete(CONSOLE_HEADER);
  if (consoleToken !== undefined) {
    headers.set(CONSOLE_HEADER, consoleToken);
    headers.set('x-forwarded-host', incoming.get('host') ?? '');
  }
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

function withoutHopByHop(source: Headers): Headers {
  const headers = new Headers(source);
  const named = (source.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase());
  for (const name of [...HOP_BY_HOP, ...named]) {
    if (name !== '') headers.delete(name);
  }
  return headers;
}
