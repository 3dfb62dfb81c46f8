import { randomUUID } from 'node:crypto';
import { forward } from './forward.ts';
import { readKeyCookie, toUpstreamHeaders } from './headers.ts';
import { refuseOrigin } from './origin-guard.ts';

export interface ProxySettings {
  readonly apiUrl: string;
  /**
   * Shows the API that a request came through this console; set by whoever starts the two. On its own machine, requests
   * that bring no key, and none that somebody entered, are lent it as one, which makes them owners until there is an
   * account.
   */
  readonly consoleToken: string | undefined;
  /** The name this console is reached by, when that is not localhost. */
  readonly publicHost: string | undefined;
}

/** The settings of this process; read at each request, so that nothing is baked in at build time. */
export function readProxySettings(env: Readonly<Record<string, string | undefined>> = process.env): ProxySettings {
  return {
    apiUrl: env.ESPEJO_API_URL || 'http://127.0.0.1:4000',
    consoleToken: env.ESPEJO_CONSOLE_TOKEN || undefined,
    publicHost: env.ESPEJO_PUBLIC_HOST || undefined,
  };
}

/** Answers a browser's `/api` or `/v1` request with the API's answer; see `refuseOrigin` for who is let through. */
export async function handleProxyRequest(request: Request, settings: ProxySettings): Promise<Response> {
  const { consoleToken, publicHost } = settings;
  const headers = toUpstreamHeaders(request.headers, consoleToken);
  if (!headers.has('authorization')) {
    const refusal = refuseOrigin(factsOf(request), publicHost);
    if (refusal !== null) return errorResponse(403, 'forbidden_origin', refusal);
    // Under a public name it is seen by others, so each of them has to show who they are.
    const lent = publicHost === undefined ? consoleToken : undefined;
    const key = readKeyCookie(request.headers.get('cookie')) ?? lent;
    if (key !== undefined) headers.set('authorization', `Bearer ${key}`);
  }
  const { pathname, search } = new URL(request.url);
  try {
    return await forward({
      url: new URL(pathname + search, settings.apiUrl),
      method: request.method,
      headers,
      body: request.body,
      signal: request.signal,
    });
  } catch (cause) {
    if (!isConnectionFault(cause)) throw cause;
    return errorResponse(
      503,
      'api_unreachable',
      'The Espejo API does not answer. It may still be starting; check that it runs, then try again.',
    );
  }
}

/** A fault of the network or of the API's process (ECONNREFUSED and its kin), not of this code. */
function isConnectionFault(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && /^E[A-Z]+$/.test(cause.code);
}

/** What `refuseOrigin` needs to know of a request. */
export function factsOf(request: Request): Parameters<typeof refuseOrigin>[0] {
  return {
    method: request.method,
    host: request.headers.get('host'),
    origin: request.headers.get('origin'),
    secFetchSite: request.headers.get('sec-fetch-site'),
  };
}

/** An error of the proxy's own, in the API's shape. */
export function errorResponse(status: number, code: string, message: string): Response {
  const requestId = `web_${randomUUID()}`;
  return Response.json(
    { error: { code, message, requestId } },
    { status, headers: { 'x-request-id': requestId, 'cache-control': 'no-store' } },
  );
}
