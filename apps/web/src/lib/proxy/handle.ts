import type { RequestFacts } from '@espejo/core';
import { forward } from './forward.ts';
import { readKeyCookie, toUpstreamHeaders } from './headers.ts';
import { type ConsoleError, errorParts, refuseRequest } from './refusal.ts';
import { currentFacts } from './request-facts.ts';
import type { ProxySettings } from './settings.ts';

/**
 * Proxies a browser's `/api` or `/v1` request to the API. The console adds only the key from its cookie and where the
 * request came from; the API decides what that permits.
 */
export async function handleProxyRequest(
  request: Request,
  settings: ProxySettings,
  facts: RequestFacts | undefined = currentFacts(),
): Promise<Response> {
  const checked = checkRequest(facts, settings);
  if ('refusal' in checked) return checked.refusal;
  const headers = toUpstreamHeaders(request.headers, settings, checked.facts);
  const key = readKeyCookie(request.headers.get('cookie'));
  if (key !== null && !checked.facts.hasBearer) headers.set('authorization', `Bearer ${key}`);
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
    return errorResponse({
      status: 503,
      code: 'api_unreachable',
      message: 'The Espejo API does not answer. It may still be starting; check that it runs, then try again.',
    });
  }
}

/** The facts of a request that may be proxied, or the response that rejects it. A request without facts is rejected. */
export function checkRequest(
  facts: RequestFacts | undefined,
  settings: ProxySettings,
): { readonly facts: RequestFacts } | { readonly refusal: Response } {
  if (facts === undefined) {
    const message =
      'The console was started without its own server, so it cannot tell where requests come from. Start it with npm start.';
    return { refusal: errorResponse({ status: 503, code: 'api_unreachable', message }) };
  }
  const refusal = refuseRequest(facts, settings);
  return refusal === null ? { facts } : { refusal: errorResponse(refusal) };
}

/** An error of the proxy itself, in the format of the API. */
export function errorResponse(error: ConsoleError): Response {
  const { body, headers } = errorParts(error);
  return Response.json(body, { status: error.status, headers });
}

/** Whether an error comes from the network or the API process (such as ECONNREFUSED), not from this code. */
function isConnectionFault(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && /^E[A-Z]+$/.test(cause.code);
}
