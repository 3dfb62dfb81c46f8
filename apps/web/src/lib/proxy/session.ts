import { locateRequest, type RequestFacts } from '@espejo/core';
import { forward } from './forward.ts';
import { checkRequest, errorResponse } from './handle.ts';
import { KEY_COOKIE, toUpstreamHeaders } from './headers.ts';
import { currentFacts } from './request-facts.ts';
import type { ProxySettings } from './settings.ts';

const KEY_MAX_CHARS = 512;
/** The size of a key in JSON. */
const BODY_BYTES_MAX = 4096;

/**
 * Stores an entered key in a cookie that scripts cannot read and other sites cannot send, once the API has accepted it.
 * The proxy sends it as a bearer key, also for event streams, where a browser cannot set headers.
 */
export async function openSession(
  request: Request,
  settings: ProxySettings,
  facts: RequestFacts | undefined = currentFacts(),
): Promise<Response> {
  const checked = checkRequest(facts, settings);
  if ('refusal' in checked) return checked.refusal;
  const apiKey = await readApiKey(request);
  if (apiKey === null) {
    const message = 'Send {"apiKey": "…"} with the key of this Espejo.';
    return errorResponse({ status: 400, code: 'invalid_request', message });
  }
  const headers = toUpstreamHeaders(new Headers(), settings, checked.facts);
  headers.set('authorization', `Bearer ${apiKey}`);
  let answer: Response;
  try {
    answer = await forward({
      url: new URL('/api/who-am-i', settings.apiUrl),
      method: 'GET',
      headers,
      body: null,
      signal: request.signal,
    });
    await answer.text();
  } catch {
    return unreachable('The Espejo API does not answer. Check that it runs, then try again.');
  }
  if (answer.status === 401 || answer.status === 403) {
    const message = 'This key is not accepted. Check that it is complete, then try again.';
    return errorResponse({ status: 401, code: 'unauthorized', message });
  }
  if (answer.status === 429) {
    const message = 'Too many wrong keys came from your address. Wait a minute, then try again.';
    return errorResponse({ status: 429, code: 'rate_limit_exceeded', message });
  }
  if (!answer.ok) return unreachable(`The Espejo API answered ${answer.status}. Try again.`);
  return withCookie(`${KEY_COOKIE}=${encodeURIComponent(apiKey)}`, settings, checked.facts);
}

/** Deletes the cookie with the key. */
export function closeSession(settings: ProxySettings, facts: RequestFacts | undefined = currentFacts()): Response {
  const checked = checkRequest(facts, settings);
  if ('refusal' in checked) return checked.refusal;
  return withCookie(`${KEY_COOKIE}=; Max-Age=0`, settings, checked.facts);
}

async function readApiKey(request: Request): Promise<string | null> {
  const body = await readJson(request);
  if (typeof body !== 'object' || body === null || !('apiKey' in body) || typeof body.apiKey !== 'string') return null;
  const key = body.apiKey.trim();
  // A header value: visible ASCII only.
  return /^[\x21-\x7e]+$/.test(key) && key.length <= KEY_MAX_CHARS ? key : null;
}

/** The parsed body; null when it is longer than a key can be or not JSON. */
async function readJson(request: Request): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > BODY_BYTES_MAX) return null;
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return null;
  }
}

/** The cookie is Secure when the console is reached over https, and always under a public host. */
function withCookie(cookie: string, settings: ProxySettings, facts: RequestFacts): Response {
  const isSecure = settings.publicHost !== null || locateRequest(facts, settings).scheme === 'https';
  return new Response(null, {
    status: 204,
    headers: { 'set-cookie': `${cookie}; Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}` },
  });
}

function unreachable(message: string): Response {
  return errorResponse({ status: 503, code: 'api_unreachable', message });
}
