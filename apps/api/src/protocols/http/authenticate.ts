import { hash, timingSafeEqual } from 'node:crypto';
import { AppError } from '@espejo/core';
import type { FastifyRequest } from 'fastify';

/** The automation key; or, while nothing else protects this installation, its console or a program of this machine. */
export type Actor = 'console' | 'api-key' | 'local';

export interface AuthSettings {
  readonly apiKey: string | null;
  /** What the console shows to be believed about where a request came from. */
  readonly consoleToken: string | null;
  /** Proxies in front of Espejo whose forwarding headers are believed. */
  readonly trustedProxies: number;
}

/** What of a request decides who it may be without an account. */
export interface Knock {
  /** Undefined: it brings none. */
  readonly bearer: string | undefined;
  /** `stranger`: it says it is the console's, and cannot show it. */
  readonly via: 'console' | 'stranger' | 'direct';
  /** Every fact says that it was made on this machine; see `locateRequest`. */
  readonly isThisMachine: boolean;
}

/**
 * Lets a request in with the automation key as bearer. With no key configured the API listens on loopback only and trusts
 * this machine: a request of which every fact says that it was made here, by a program or by a page of this Espejo, through
 * the console or not. Callers ask only while there is no account. Returns who asks, for the audit.
 *
 * `isKeyOptional`: a client that always sends some key is treated like one that sends none while none is configured.
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
        'This API key is not valid. Send the value of ESPEJO_API_KEY, or a key made here, as a bearer token.',
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

/** The token a request brings; undefined: none. */
export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** Whether a token is the expected one, told in a time that says nothing of it. */
export function isToken(given: string, expected: string | null): boolean {
  if (expected === null) return false;
  // Equal lengths for the comparison, whatever was sent.
  const digest = (text: string) => Buffer.from(hash('sha256', text, 'hex'));
  return timingSafeEqual(digest(given), digest(expected));
}
