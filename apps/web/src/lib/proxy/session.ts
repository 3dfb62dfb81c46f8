import { forward } from './forward.ts';
import { errorResponse, factsOf, type ProxySettings } from './handle.ts';
import { KEY_COOKIE } from './headers.ts';
import { refuseOrigin } from './origin-guard.ts';

const KEY_MAX_CHARS = 512;

/**
 * Keeps the key somebody entered in a cookie that scripts cannot read and other sites cannot send, after the API has
 * accepted it. The proxy turns it into a bearer key, so that event streams, which carry no headers, work as well.
 */
export async function openSession(request: Request, settings: ProxySettings): Promise<Response> {
  const refusal = refuseOrigin(factsOf(request), settings.publicHost);
  if (refusal !== null) return errorResponse(403, 'forbidden_origin', refusal);
  const apiKey = await readApiKey(request);
  if (apiKey === null)
    return errorResponse(400, 'invalid_request', 'Send {"apiKey": "…"} with the key of this Espejo.');
  let answer: Response;
  try {
    answer = await forward({
      url: new URL('/api/who-am-i', settings.apiUrl),
      method: 'GET',
      headers: new Headers({ authorization: `Bearer ${apiKey}` }),
      body: null,
      signal: request.signal,
    });
    await answer.text();
  } catch {
    return errorResponse(503, 'api_unreachable', 'The Espejo API does not answer. Check that it runs, then try again.');
  }
  if (answer.status === 401 || answer.status === 403) {
    return errorResponse(401, 'unauthorized', 'This key is not accepted. Check that it is complete, then try again.');
  }
  if (!answer.ok) return errorResponse(503, 'api_unreachable', `The Espejo API answered ${answer.status}. Try again.`);
  return withCookie(request, `${KEY_COOKIE}=${encodeURIComponent(apiKey)}`);
}

/** Forgets the key. */
export function closeSession(request: Request, settings: ProxySettings): Response {
  const refusal = refuseOrigin(factsOf(request), settings.publicHost);
  if (refusal !== null) return errorResponse(403, 'forbidden_origin', refusal);
  return withCookie(request, `${KEY_COOKIE}=; Max-Age=0`);
}

async function readApiKey(request: Request): Promise<string | null> {
  const body: unknown = await request.json().catch(() => null);
  if (typeof body !== 'object' || body === null || !('apiKey' in body) || typeof body.apiKey !== 'string') return null;
  const key = body.apiKey.trim();
  // A header value: visible ASCII only.
  return /^[\x21-\x7e]+$/.test(key) && key.length <= KEY_MAX_CHARS ? key : null;
}

function withCookie(request: Request, cookie: string): Response {
  const isHttps = new URL(request.url).protocol === 'https:' || request.headers.get('x-forwarded-proto') === 'https';
  return new Response(null, {
    status: 204,
    headers: { 'set-cookie': `${cookie}; Path=/; HttpOnly; SameSite=Strict${isHttps ? '; Secure' : ''}` },
  });
}
