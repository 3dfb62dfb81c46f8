import { AppError, type Identity, isSafeMethod, locateRequest, type RequestOrigin } from '@espejo/core';
import type { FastifyRequest } from 'fastify';
import type { Browser } from '../../services/accounts/account-context.ts';
import { findUserSession, identityOf, type UserSession } from '../../services/accounts/session/find-user-session.ts';
import { KEY_PREFIX } from '../../services/api-keys/api-key-text.ts';
import { findKeyHolder } from '../../services/api-keys/find-key-holder.ts';
import type { Services } from '../../services/services.ts';

import { type AuthSettings, authenticate, bearerOf, isToken } from './authenticate.ts';
import { readFacts } from './request-facts.ts';

/** The sender of a request, permitted or not. */
export interface RequestIdentity {
  /** Null: not authenticated for anything here; `refusal` says why. */
  readonly identity: Identity | null;
  readonly refusal: AppError | null;
  /** Null: not signed in; an API key is no session. */
  readonly session: UserSession | null;
  /** ESPEJO_API_KEY. */
  readonly isAutomation: boolean;
  /** Trusted without an account or a key, because there is no account yet. */
  readonly isFirstVisit: boolean;
  readonly browser: Browser;
}

/** For a client that disconnected before its request was processed. */
const NO_ADDRESS = 'unknown';

export interface IdentityContext {
  readonly services: Services;
  readonly auth: AuthSettings;
  /** A client that always sends a key is treated like one without, while none is configured. */
  readonly isKeyOptional?: boolean;
}

/**
 * Authenticates a request: by an API key with its scopes, the automation key, or the cookie of a user's session. While
 * there is neither an account nor ESPEJO_API_KEY, local requests are an owner as well. Throws `forbidden_origin` for a
 * change sent by another site's page, whatever cookies came with it.
 */
export async function identifyRequest(request: FastifyRequest, context: IdentityContext): Promise<RequestIdentity> {
  const { services, auth } = context;
  const { publicHost } = services.accounts;
  const { facts, via } = readFacts(request, auth.consoleToken);
  const origin = locateRequest(facts, { publicHost, trustedProxies: auth.trustedProxies });
  const browser = browserOf(request, origin, publicHost);
  const anonymous = { identity: null, session: null, isAutomation: false, isFirstVisit: false, browser };
  const refused = (refusal: AppError): RequestIdentity => ({ ...anonymous, refusal });

  /** Counts an invalid key, whatever it was sent to; after enough of them it throws `key_throttled`. */
  const refusedKey = (refusal: AppError): RequestIdentity => refused(services.wrongKeys.record(browser) ?? refusal);
  const bearer = bearerOf(request);
  const usesConsoleToken = bearer !== undefined && isToken(bearer, auth.consoleToken);
  if (bearer !== undefined && !usesConsoleToken) {
    const holder = await findKeyHolder(services, bearer);
    if (holder !== undefined) return { ...anonymous, identity: holder, refusal: null };
    if (isToken(bearer, auth.apiKey)) {
      return { ...anonymous, identity: ownerOf(services.tenantId, 'api-key'), isAutomation: true, refusal: null };
    }
  } else {
    const session = await findUserSession(services, browser.cookies);
    if (session !== undefined) {
      // Browsers send cookies with any request, so a change authenticated by one must prove that a page of the console
      // sent it.
      if (!isSafeMethod(request.method) && origin.page !== 'own') throw foreignWrite();
      const identity = identityOf(session);
      return { ...anonymous, session, identity, refusal: identity === null ? tenantRequired() : null };
    }
    // A request without browser headers is no forgery; another site's page could sign the user in as somebody else.
    if (!isSafeMethod(request.method) && origin.page === 'foreign') throw foreignWrite();
  }

  const hasAccounts = await services.db.read.accounts.hasAny();
  // An API key that is no longer valid is an invalid key, not a client that always sends one.
  const isKeyOptional = context.isKeyOptional === true && bearer?.startsWith(KEY_PREFIX) !== true;
  const isKey = bearer !== undefined && !usesConsoleToken;
  if (hasAccounts && (!isKey || isKeyOptional)) return isKey ? refusedKey(signInRequired()) : refused(signInRequired());
  try {
    const actor = authenticate({ bearer, via, isThisMachine: origin.isThisMachine }, auth, { isKeyOptional });
    return { ...anonymous, identity: ownerOf(services.tenantId, actor), isFirstVisit: true, refusal: null };
  } catch (cause) {
    if (cause instanceof AppError) return isKey && cause.code === 'unauthorized' ? refusedKey(cause) : refused(cause);
    throw cause;
  }
}

function ownerOf(tenantId: string, actor: string): Identity {
  const rights = { role: 'owner', actions: null, storeIds: null, grants: {}, endsAtMs: null } as const;
  return { tenantId, actor, isPerson: actor === 'console', ...rights };
}

function browserOf(request: FastifyRequest, origin: RequestOrigin, publicHost: string | null): Browser {
  const { headers } = request;
  return {
    address: origin.address ?? NO_ADDRESS,
    userAgent: headers['user-agent']?.slice(0, 300) ?? null,
    requestId: request.id,
    cookies: headers.cookie,
    isSecure: publicHost !== null || origin.scheme === 'https',
  };
}

function foreignWrite(): AppError {
  return new AppError(
    'forbidden_origin',
    'This change did not come from a page of the console. Send it from there, or with an API key as a bearer token.',
  );
}

function signInRequired(): AppError {
  return new AppError(
    'unauthorized',
    'Sign in at the console, or send an API key of this installation: Authorization: Bearer <key>.',
  );
}

function tenantRequired(): AppError {
  return new AppError('tenant_required', 'You are not a member of any tenant. Ask an owner for an invitation.');
}
