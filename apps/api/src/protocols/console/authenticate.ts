import { hash, timingSafeEqual } from 'node:crypto';
import { AppError } from '@espejo/core';
import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../../config.ts';

/** The console of this installation, the automation key, or this machine while no key is set. */
export type Actor = 'console' | 'api-key' | 'local';

export interface AuthSettings {
  readonly apiKey: string | null;
  readonly consoleToken: string | null;
}

/**
 * Lets a request in with the automation key or the console's own token as bearer. With no key configured the API listens
 * on loopback only and trusts this machine; the Host and Origin checks then keep web pages of other sites out (DNS
 * rebinding, cross-site requests). Returns who asks, for the audit.
 *
 * `isKeyOptional`: a client that always sends some key is treated like one that sends none while none is configured.
 */
export function authenticate(
  request: FastifyRequest,
  settings: AuthSettings,
  { isKeyOptional = false }: { readonly isKeyOptional?: boolean } = {},
): Actor {
  const bearer = bearerOf(request);
  if (bearer !== undefined) {
    if (isToken(bearer, settings.consoleToken)) return 'console';
    if (isToken(bearer, settings.apiKey)) return 'api-key';
    if (settings.apiKey === null && isKeyOptional) return assertLocal(request);
    throw new AppError(
      'unauthorized',
      'This API key is not valid. Send the value of ESPEJO_API_KEY, or a key made here, as a bearer token.',
    );
  }
  if (settings.apiKey !== null) {
    throw new AppError('unauthorized', 'Send an API key: Authorization: Bearer <ESPEJO_API_KEY>.');
  }
  return assertLocal(request);
}

/** The token a request brings; undefined: none. */
export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

function assertLocal(request: FastifyRequest): Actor {
  if (!isLoopback(hostName(request.headers.host)) || !isFriendlyOrigin(request)) {
    throw new AppError(
      'forbidden_origin',
      'Without ESPEJO_API_KEY, Espejo answers only requests made on its own machine.',
    );
  }
  return 'local';
}

/** Whether a token is the expected one, told in a time that says nothing of it. */
export function isToken(given: string, expected: string | null): boolean {
  if (expected === null) return false;
  // Equal lengths for the comparison, whatever was sent.
  const digest = (text: string) => Buffer.from(hash('sha256', text, 'hex'));
  return timingSafeEqual(digest(given), digest(expected));
}

/** Whether a page of this machine sent a request, or no page at all. */
export function isFriendlyOrigin(request: FastifyRequest): boolean {
  const { origin } = request.headers;
  if (origin !== undefined) {
    const url = URL.parse(origin);
    return url !== null && /^https?:$/.test(url.protocol) && isLoopback(url.hostname);
  }
  return request.headers['sec-fetch-site'] !== 'cross-site';
}

/** The host a request was sent to, in its one spelling; empty when the header is more than a name and a port. */
function hostName(host: string | undefined): string {
  const url = URL.parse(`http://${host ?? ''}`);
  return url !== null && url.href === `http://${url.host}/` ? url.hostname : '';
}
