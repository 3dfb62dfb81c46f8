import type { FastifyReply, FastifyRequest } from 'fastify';

/** How long a browser caches a preflight. */
const PREFLIGHT_TTL_S = 600;
/** Response headers that programs in a browser may read. */
const EXPOSED = [
  'x-request-id',
  'openai-processing-ms',
  'openai-poll-after-ms',
  'retry-after',
  'x-should-retry',
  'x-espejo-as-of',
  'x-espejo-deletion',
].join(', ');

/**
 * Lets pages of the configured origins call `/v1` with an API key. No other origin, and never with a cookie:
 * credentials are not allowed, and a page of another origin is not trusted for being local. Returns true when it has
 * answered a preflight.
 */
export function allowOrigin(
  request: FastifyRequest,
  reply: FastifyReply,
  { corsOrigins }: { readonly corsOrigins: readonly string[] },
): boolean {
  if (corsOrigins.length === 0) return false;
  reply.header('vary', 'origin');
  const { origin } = request.headers;
  if (origin === undefined || !corsOrigins.includes(origin)) return false;
  reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', EXPOSED);
  const asked = request.headers['access-control-request-method'];
  if (request.method !== 'OPTIONS' || asked === undefined) return false;
  const headers = request.headers['access-control-request-headers'];
  reply
    .header('access-control-allow-methods', 'GET, HEAD, POST, DELETE')
    .header('access-control-max-age', String(PREFLIGHT_TTL_S));
  // The headers of the SDKs change between versions; none but the key authenticates.
  if (headers !== undefined) reply.header('access-control-allow-headers', headers);
  void reply.status(204).send();
  return true;
}
