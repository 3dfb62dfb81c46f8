import { type Action, AppError, type Authorized, asOperator, authorize, type Principal } from '@espejo/core';
import type { FastifyRequest } from 'fastify';
import { assertOperator } from '../../services/accounts/operators.ts';
import { type IdentityContext, identifyRequest, type RequestIdentity } from './request-identity.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The principal, and the proof of its permission; set by authorization, which comes before everything else. */
    admission: AuthResult;
    /** The identity of the sender, permitted or not; set with the authorization. */
    visitor: RequestIdentity;
  }
  interface FastifyContextConfig {
    needed?: RequiredAccess;
  }
}

export interface AuthResult {
  readonly principal: Principal;
  /** For the action of the route, typed with it for the handler. Null: the route needs none. */
  readonly by: Authorized<never> | null;
}

/** What a route requires of its caller. */
export interface RequiredAccess {
  /** `any`: to be authenticated; `person`: to be signed in; `open`: nothing. */
  readonly action: Action | 'any' | 'person' | 'open';
  /** The path parameter with the id of the store. */
  readonly storeParam?: string;
  /** A list of stores, filtered to those that the principal has access to. */
  readonly isNarrowed?: boolean;
  /** For operators of the installation only, whatever their role in the tenant they work in. */
  readonly isForOperators?: boolean;
  /** It adds data: rejected while only the reserve of the disk is left. */
  readonly isGrowing?: boolean;
  /** It does not count towards the rate limit of the tenant. */
  readonly isUnmetered?: boolean;
}

/**
 * Authenticates a request and checks its permission. Throws `unauthorized`, `forbidden_origin`, `role_insufficient`,
 * `scope_insufficient` and `operator_required`, which are audited, `rate_limit_exceeded` when its tenant has exceeded
 * the limit of its plan, and `disk_full` for a request that adds data to a full disk.
 */
export async function authorizeRequest(
  request: FastifyRequest,
  context: IdentityContext,
  needed: RequiredAccess,
): Promise<AuthResult> {
  const { action, storeParam, isNarrowed, isForOperators, isUnmetered, isGrowing } = needed;
  const visitor = await identifyRequest(request, context);
  request.visitor = visitor;
  if (action === 'open') return { principal: withoutPermissions(visitor), by: null };
  if (action === 'person') {
    if (visitor.session === null) throw sessionRequired(visitor);
    // The user's own account needs no tenant.
    return { principal: withoutPermissions(visitor), by: null };
  }
  if (isForOperators === true) return admitOperator(request, context, visitor, isUnmetered === true);
  const principal = principalOf(visitor);
  // Before its permission is checked: a rejected request counts too.
  if (isUnmetered !== true) await context.services.requestLimiter.take(principal.tenantId);
  if (action === 'any') return { principal, by: null };
  const storeId = storeParam === undefined ? undefined : (request.params as Record<string, string>)[storeParam];
  let by: AuthResult['by'];
  try {
    by = authorize<Action>(principal, action, { storeId, isNarrowed });
  } catch (cause) {
    if (cause instanceof AppError) await context.services.denials.record(principal, operationOf(request), cause);
    throw cause;
  }
  if (isGrowing === true) await context.services.disk.assertRoom();
  return { principal, by };
}

/** An operator acts in the operators' tenant, wherever they work, and is audited there. */
async function admitOperator(
  request: FastifyRequest,
  { services }: IdentityContext,
  visitor: RequestIdentity,
  isUnmetered: boolean,
): Promise<AuthResult> {
  const { requestId, address } = visitor.browser;
  try {
    const who = { ...(await assertOperator(services, visitor)), requestId, address };
    if (!isUnmetered) await services.requestLimiter.take(who.tenantId);
    const rights = { role: 'owner', actions: null, storeIds: null, grants: {}, endsAtMs: null } as const;
    const principal = { ...who, isPerson: visitor.session !== null || visitor.identity?.isPerson === true, ...rights };
    return { principal, by: asOperator(who) };
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'operator_required') throw cause;
    // An unauthenticated request is rejected without an audit entry, as it has no principal.
    const principal = principalOf(visitor);
    if (!isUnmetered) await services.requestLimiter.take(principal.tenantId);
    await services.denials.record(principal, operationOf(request), cause);
    throw cause;
  }
}

/** The principal of a request. Throws why it has none. */
function principalOf({ identity, refusal, browser }: RequestIdentity): Principal {
  if (identity === null) throw refusal ?? new AppError('unauthorized', 'Sign in, or send an API key.');
  return { ...identity, requestId: browser.requestId, address: browser.address };
}

/** An API key has no account of its own; an unauthenticated caller has to sign in. */
function sessionRequired({ refusal }: RequestIdentity): AppError {
  return refusal ?? new AppError('session_required', 'Only a signed-in user has an account. Sign in first.');
}

/** Used for a route that needs no permission: its handler gets no principal, and this one may do nothing. */
function withoutPermissions({ browser: { requestId, address } }: RequestIdentity): Principal {
  const rights = { role: 'viewer', actions: [], storeIds: [], grants: {}, endsAtMs: null } as const;
  return { tenantId: '', actor: 'nobody', isPerson: false, ...rights, requestId, address };
}

/** The requested action and object, as the audit names them. */
function operationOf({ method, routeOptions }: FastifyRequest): string {
  return routeOptions.schema?.operationId ?? `${method} ${routeOptions.url ?? ''}`;
}
