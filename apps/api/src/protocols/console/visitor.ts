import { AppError, type Identity } from '@espejo/core';
import type { FastifyRequest } from 'fastify';
import type { Browser } from '../../services/accounts/account-deps.ts';
import { findUserSession, identityOf, type UserSession } from '../../services/accounts/find-user-session.ts';
import { KEY_PREFIX } from '../../services/api-keys/api-key-text.ts';
import { findKeyHolder } from '../../services/api-keys/find-key-holder.ts';
import type { Services } from '../../wire.ts';
import { type AuthSettings, authenticate, bearerOf, isFriendlyOrigin, isToken } from './authenticate.ts';
import { isSameOrigin } from './same-origin.ts';

/** Whoever sends a request, let in or not. */
export interface Visitor {
  /** Null: nobody who may do anything here; `refusal` says why. */
  readonly identity: Identity | null;
  readonly refusal: AppError | null;
  /** Null: not signed in; a key is no session. */
  readonly session: UserSession | null;
  /** ESPEJO_API_KEY. */
  readonly isAutomation: boolean;
  readonly browser: Browser;
}

export interface VisitorContext {
  readonly services: Services;
  readonly auth: AuthSettings;
  /** Clients that always send some key are treated like those that send none while none is configured. */
  readonly isKeyOptional?: boolean;
}

/** How this API is reached, as far as a request can tell. */
type Door = AuthSettings & { readonly publicHost: string | null };

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** By this header the console vouches for what it says of the browser; it lends no rights. */
const CONSOLE_HEADER = 'x-espejo-console';

/**
 * Finds out who sends a request: a key with its bounds, the automation key, or a person by the cookie of their session.
 * While there is no account, the console and, without ESPEJO_API_KEY, this machine are owners as well; the first account
 * ends that. Throws `forbidden_origin` for a change that another site's page sent, whoever's cookies came with it.
 */
export async function visitorOf(request: FastifyRequest, context: VisitorContext): Promise<Visitor> {
  const { services, auth } = context;
  const { publicHost } = services.accounts;
  const door = { ...auth, publicHost };
  const browser = browserOf(request, door);
  const nobody = { identity: null, session: null, isAutomation: false, browser };
  const refused = (refusal: AppError): Visitor => ({ ...nobody, refusal });

  const bearer = bearerOf(request);
  const isLent = bearer !== undefined && isToken(bearer, auth.consoleToken);
  if (bearer !== undefined && !isLent) {
    const holder = await findKeyHolder(services, bearer);
    if (holder !== undefined) return { ...nobody, identity: holder, refusal: null };
    if (isToken(bearer, auth.apiKey)) {
      return { ...nobody, identity: ownerOf(services.tenantId, 'api-key'), isAutomation: true, refusal: null };
    }
  } else {
    const session = await findUserSession(services, browser.cookies);
    if (session !== undefined) {
      if (!isOwnRequest(request, door)) throw foreignWrite();
      const identity = identityOf(session);
      return { ...nobody, session, identity, refusal: identity === null ? tenantRequired() : null };
    }
    if (!isHarmless(request, door)) throw foreignWrite();
  }

  const hasAccounts = await services.db.read.accounts.hasAny();
  // A key of ours that works no more is a wrong key, not a client that always sends some key.
  const isKeyOptional = context.isKeyOptional === true && bearer?.startsWith(KEY_PREFIX) !== true;
  if (hasAccounts && (bearer === undefined || isLent || isKeyOptional)) return refused(signInRequired());
  try {
    const actor = authenticate(request, auth, { isKeyOptional });
    return { ...nobody, identity: ownerOf(services.tenantId, actor), refusal: null };
  } catch (cause) {
    if (cause instanceof AppError) return refused(cause);
    throw cause;
  }
}

function ownerOf(tenantId: string, actor: string): Identity {
  return { tenantId, actor, isPerson: actor === 'console', role: 'owner', actions: null, storeIds: null, grants: {} };
}

function browserOf(request: FastifyRequest, door: Door): Browser {
  const { headers } = request;
  const isVouched = isFromConsole(request, door);
  // What stands last was added by whoever is nearest: a client may write what it likes before it.
  const forwarded = isVouched ? lastOf(headers['x-forwarded-for']) : undefined;
  return {
    address: forwarded ?? request.ip,
    userAgent: headers['user-agent']?.slice(0, 300) ?? null,
    requestId: request.id,
    cookies: headers.cookie,
    isSecure: door.publicHost !== null || (isVouched && lastOf(headers['x-forwarded-proto']) === 'https'),
  };
}

function isFromConsole({ headers }: FastifyRequest, door: Door): boolean {
  const token = headers[CONSOLE_HEADER];
  return typeof token === 'string' && isToken(token, door.consoleToken);
}

function lastOf(header: string | string[] | undefined): string | undefined {
  const text = (Array.isArray(header) ? header.at(-1) : header)?.split(',').at(-1)?.trim();
  return text === '' ? undefined : text;
}

/** A cookie comes with whatever a browser sends, so a change by one must show that a page of ours asked for it. */
function isOwnRequest(request: FastifyRequest, door: Door): boolean {
  return SAFE_METHODS.has(request.method) || isSameOrigin(factsOf(request, door)) === true;
}

/** Without a session, what no browser sent is no forgery; what another site's page sent may sign somebody in as another. */
function isHarmless(request: FastifyRequest, door: Door): boolean {
  if (SAFE_METHODS.has(request.method)) return true;
  // A page on another port of this machine, such as a console under development, is as near as before.
  return isSameOrigin(factsOf(request, door)) !== false || isFriendlyOrigin(request);
}

function factsOf(request: FastifyRequest, door: Door): Parameters<typeof isSameOrigin>[0] {
  const { headers } = request;
  const hosts = [
    headers.host,
    door.publicHost,
    isFromConsole(request, door) ? lastOf(headers['x-forwarded-host']) : null,
  ];
  return {
    origin: headers.origin,
    fetchSite: lastOf(headers['sec-fetch-site']),
    ownHosts: hosts.filter((host) => typeof host === 'string'),
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
