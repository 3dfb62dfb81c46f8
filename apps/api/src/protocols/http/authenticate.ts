import { hash, timingSafeEqual } from 'node:crypto';
import { AppError } from '@espejo/core';
import type { FastifyRequest } from 'fastify';

/** The automation key; or, while nothing else protects this installation, its console or a local program. */
export type Actor = 'console' | 'api-key' | 'local';

export interface AuthSettings {
  readonly apiKey: string | null;
  /** The token that proves that a request comes through the console. */
  readonly consoleToken: string | null;
  /** Trusted proxies in front of Espejo, whose forwarding headers are used. */
  readonly trustedProxies: number;
}

/** The parts of a request that authenticate it without an account. */
export interface Knock {
  /** Undefined: no token. */
  readonly bearer: string | undefined;
  /** `stranger`: it claims to be the console's without the token. */
  readonly via: 'console' | 'stranger' | 'direct';
  /** Every fact says that it was made on this machine; see `locateRequest`. */
  readonly isThisMachine: boolean;
}

/**
 * Authenticates a request with the automation key as bearer. With no key configured the API listens on loopback only
 * and trusts local requests: every fact must say that it was made on this machine, by a program or by a page of this
 * Espejo, through the console or not. Called only while there is no account. Returns the principal, for the audit.
 * `isKeyOptional`: a client that always sends a key is treated like one without, while none is configured.
 */
export function authenticate(
  { bearer, via, isThisMachine }: Knock,
  { apiKey, consoleToken }: Pick<AuthSettings, 'apiKey' | 'consoleToken'>,
  { isKeyOptional = false }: { readonly isKeyOptional?: boolean } = {},
): Actor {
  const isConsoleToken = bearer !== undefined && isToken(bearer, consoleToken);
  if (bearer !== undefined && !isConsoleToken) {
    if (isToken(bearer, apiKey)) return 'api-key';
    if (apiKey !== null || !isKeyOptional) {
      throw new AppError(
        'unauthorized',
        'This API key is not valid. Send the value of ESPEJO_API_KEY, or a key created in the console, as a bearer token.',
      );
    }
  }
  if (apiKey !== null) {
    throw new AppError('unauthorized', 'Send an API key: Authorization: Bearer <ESPEJO_API_KEY>.');
  }
  if (via === 'stranger' || !isThisMachine) {
    throw new AppError(
      'forbidden_origin',
      'Without ESPEJO_API_KEY, Espejo answers only requests made on its own machine.',
    );
  }
  return via === 'console' || isConsoleToken ? 'console' : 'local';
}

/** The token of a request; undefined: none. */
export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** Compares a token with the expected one in constant time. */
export function isToken(given: string, expected: string | null): boolean {
  if (expected === null) return false;
  // Hashed, so that both have the same length for the comparison.
  const digest = (text: string) => Buffer.from(hash('sha256', text, 'hex'));
  return timingSafeEqual(digest(given), digest(expected));
}
