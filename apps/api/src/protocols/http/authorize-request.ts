import { type Action, AppError, type Authorized, asOperator, authorize, type Principal } from '@espejo/core';
import type { FastifyRequest } from 'fastify';
import { assertOperator } from '../../services/accounts/operators.ts';
import { type IdentityContext, identifyRequest, type RequestIdentity } from './request-identity.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, and the proof that they may; set when they are admitted, which is before anything else. */
    admission: AuthResult;
    /** Who sent the request, let in or not; set with the admission. */
    visitor: RequestIdentity;
  }
  interface FastifyContextConfig {
    needed?: RequiredAccess;
  }
}

export interface AuthResult {
  readonly principal: Principal;
  /** For the action of the route, under whose type its handler is given it. Null: the route takes none. */
  readonly by: Authorized<never> | null;
}

/** What a route takes of whoever calls it. */
export interface RequiredAccess {
  /** `any`: nothing but to be let in; `person`: to be signed in; `open`: nothing at all. */
  readonly action: Action | 'any' | 'person' | 'open';
  /** The path parameter with the one store it is about. */
  readonly storeParam?: string;
  /** A list of stores, narrowed to those that are reached. */
  readonly isNarrowed?: boolean;
  /** For operators of the installation alone, whatever their role where they work. */
  readonly isForOperators?: boolean;
  /** It adds data: refused while only the reserve of the disk is left. */
  readonly isGrowing?: boolean;
  /** It does not count as one of the requests a tenant may send. */
  readonly isUnmetered?: boolean;
}

/**
 * Lets a request in if whoever sends it may do what it asks. Throws `unauthorized`, `forbidden_origin`,
 * `role_insufficient`, `scope_insufficient` and `operator_required`, which are on record in the audit, and
 * `rate_limit_exceeded` when its tenant has sent more requests than its plan allows; and `disk_full` for what adds data to
 * a full disk.
 */
export async function authorizeRequest(
  request: FastifyRequest,
  context: IdentityContext,
  needed: RequiredAccess,
): Promise<AuthResult> {
  const { action, storeParam, isNarrowed, isForOperators, isUnmetered, isGrowing } = needed;
  const visitor = await identifyRequest(request, context);
  request.visitor = visitor;
  if (action === 'open') return { principal: nobody(visitor), by: null };
  if (action === 'person') {
    if (visitor.session === null) throw sessionRequired(visitor);
    // What is one's own needs no tenant.
    return { principal: nobody(visitor), by: null };
  }
  if (isForOperators === true) return admitOperator(request, context, visitor, isUnmetered === true);
  const principal = principalOf(visitor);
  // Before it is asked what it may: what is refused has been a request too.
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

/** An operator acts in the operators' tenant, wherever they work: what they do there is on record there. */
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
    // Whoever is not let in at all is told so, and is nobody the audit could name.
    const principal = principalOf(visitor);
    if (!isUnmetered) await services.requestLimiter.take(principal.tenantId);
    await services.denials.record(principal, operationOf(request), cause);
    throw cause;
  }
}

/** Whoever sent a request, as somebody who may do something. Throws why they may not. */
function principalOf({ identity, refusal, browser }: RequestIdentity): Principal {
  if (identity === null) throw refusal ?? new AppError('unauthorized', 'Sign in, or send an API key.');
  return { ...identity, requestId: browser.requestId, address: browser.address };
}

/** A key that is let in has no account of its own; whoever is not let in at all has to sign in. */
function sessionRequired({ refusal }: RequestIdentity): AppError {
  return refusal ?? new AppError('session_required', 'Only somebody who is signed in has an account. Sign in first.');
}

/** Stands in where a route takes no rights: its handler is given no principal, and this one may do nothing anywhere. */
function nobody({ browser: { requestId, address } }: RequestIdentity): Principal {
  const rights = { role: 'viewer', actions: [], storeIds: [], grants: {}, endsAtMs: null } as const;
  return { tenantId: '', actor: 'nobody', isPerson: false, ...rights, requestId, address };
}

/** What a request asks for, as the audit names it. */
function operationOf({ method, routeOptions }: FastifyRequest): string {
  return routeOptions.schema?.operationId ?? `${method} ${routeOptions.url ?? ''}`;
}
