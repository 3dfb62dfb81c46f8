import { AppError, type Identity, isSafeMethod, locateRequest, type RequestOrigin } from '@espejo/core';
import type { FastifyRequest } from 'fastify';
import type { Browser } from '../../services/accounts/account-context.ts';
import { findUserSession, identityOf, type UserSession } from '../../services/accounts/session/find-user-session.ts';
import { KEY_PREFIX } from '../../services/api-keys/api-key-text.ts';
import { findKeyHolder } from '../../services/api-keys/find-key-holder.ts';
import type { Services } from '../../services/services.ts';

import { type AuthSettings, authenticate, bearerOf, isToken } from './authenticate.ts';
import { readFacts } from './request-facts.ts';

/** Whoever sends a request, let in or not. */
export interface RequestIdentity {
  /** Null: nobody who may do anything here; `refusal` says why. */
  readonly identity: Identity | null;
  readonly refusal: AppError | null;
  /** Null: not signed in; a key is no session. */
  readonly session: UserSession | null;
  /** ESPEJO_API_KEY. */
  readonly isAutomation: boolean;
  /** Let in without an account or a key, because there is no account yet. */
  readonly isFirstVisit: boolean;
  readonly browser: Browser;
}

/** Of a client that hung up before its request was looked at. */
const NO_ADDRESS = 'unknown';

export interface IdentityContext {
  readonly services: Services;
  readonly auth: AuthSettings;
  /** Clients that always send some key are treated like those that send none while none is configured. */
  readonly isKeyOptional?: boolean;
}

/**
 * Finds out who sends a request: a key with its bounds, the automation key, or a person by the cookie of their session.
 * While there is neither an account nor ESPEJO_API_KEY, this machine is an owner as well. Throws `forbidden_origin` for a change that another site's page sent, whoever's cookies came with it.
 */
export async function identifyRequest(request: FastifyRequest, context: IdentityContext): Promise<RequestIdentity> {
  const { services, auth } = context;
  const { publicHost } = services.accounts;
  const { facts, via } = readFacts(request, auth.consoleToken);
  const origin = locateRequest(facts, { publicHost, trustedProxies: auth.trustedProxies });
  const browser = browserOf(request, origin, publicHost);
  const nobody = { identity: null, session: null, isAutomation: false, isFirstVisit: false, browser };
  const refused = (refusal: AppError): RequestIdentity => ({ ...nobody, refusal });

  /** A key that does not work is counted, whatever it was sent to; enough of them are answered so. */
  const refusedKey = (refusal: AppError): RequestIdentity => refused(services.wrongKeys.note(browser) ?? refusal);
  const bearer = bearerOf(request);
  const usesConsoleToken = bearer !== undefined && isToken(bearer, auth.consoleToken);
  if (bearer !== undefined && !usesConsoleToken) {
    const holder = await findKeyHolder(services, bearer);
    if (holder !== undefined) return { ...nobody, identity: holder, refusal: null };
    if (isToken(bearer, auth.apiKey)) {
      return { ...nobody, identity: ownerOf(services.tenantId, 'api-key'), isAutomation: true, refusal: null };
    }
  } else {
    const session = await findUserSession(services, browser.cookies);
    if (session !== undefined) {
      // A cookie comes with whatever a browser sends, so a change by one must show that a page of ours asked for it.
      if (!isSafeMethod(request.method) && origin.page !== 'own') throw foreignWrite();
      const identity = identityOf(session);
      return { ...nobody, session, identity, refusal: identity === null ? tenantRequired() : null };
    }
    // What no browser sent is no forgery; what another site's page sent may sign somebody in as another.
    if (!isSafeMethod(request.method) && origin.page === 'foreign') throw foreignWrite();
  }

  const hasAccounts = await services.db.read.accounts.hasAny();
  // A key of ours that works no more is a wrong key, not a client that always sends some key.
  const isKeyOptional = context.isKeyOptional === true && bearer?.startsWith(KEY_PREFIX) !== true;
  const isKey = bearer !== undefined && !usesConsoleToken;
  if (hasAccounts && (!isKey || isKeyOptional)) return isKey ? refusedKey(signInRequired()) : refused(signInRequired());
  try {
    const actor = authenticate({ bearer, via, isThisMachine: origin.isThisMachine }, auth, { isKeyOptional });
    return { ...nobody, identity: ownerOf(services.tenantId, actor), isFirstVisit: true, refusal: null };
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
    'Sign in at the console, or send an API key of this Espejo: Authorization: Bearer <key>.',
  );
}

function tenantRequired(): AppError {
  return new AppError('tenant_required', 'You are in no tenant here. Ask an owner for an invitation.');
}
