import { type Action, AppError, type Authorized, authorize, type Principal } from '@espejo/core';
import type { FastifyRequest } from 'fastify';
import { type Visitor, type VisitorContext, visitorOf } from './visitor.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, and the proof that they may; set when they are admitted, which is before anything else. */
    admission: Admission;
    /** Who sent the request, let in or not; set with the admission. */
    visitor: Visitor;
  }
  interface FastifyContextConfig {
    needed?: Needed;
  }
}

export interface Admission {
  readonly principal: Principal;
  /** For the action of the route, under whose type its handler is given it. Null: the route takes none. */
  readonly by: Authorized<never> | null;
}

/** What a route takes of whoever calls it. */
export interface Needed {
  /** `any`: nothing but to be let in; `person`: to be signed in; `open`: nothing at all. */
  readonly action: Action | 'any' | 'person' | 'open';
  /** The path parameter with the one store it is about. */
  readonly storeParam?: string;
  /** A list of stores, narrowed to those that are reached. */
  readonly isNarrowed?: boolean;
  /** It does not count as one of the requests a tenant may send. */
  readonly isUnmetered?: boolean;
}

/**
 * Lets a request in if whoever sends it may do what it asks. Throws `unauthorized`, `forbidden_origin`,
 * `role_insufficient` and `scope_insufficient`, which are on record in the audit, and `rate_limit_exceeded` when its
 * tenant has sent more requests than its plan allows.
 */
export async function admit(request: FastifyRequest, context: VisitorContext, needed: Needed): Promise<Admission> {
  const { action, storeParam, isNarrowed, isUnmetered } = needed;
  const visitor = await visitorOf(request, context);
  request.visitor = visitor;
  if (action === 'open') return { principal: nobody(visitor), by: null };
  if (action === 'person') {
    if (visitor.session === null) throw sessionRequired(visitor);
    // What is one's own needs no tenant.
    return { principal: nobody(visitor), by: null };
  }
  const principal = principalOf(visitor);
  // Before it is asked what it may: what is refused has been a request too.
  if (isUnmetered !== true) await context.services.requestMeter.take(principal.tenantId);
  if (action === 'any') return { principal, by: null };
  const storeId = storeParam === undefined ? undefined : (request.params as Record<string, string>)[storeParam];
  try {
    return { principal, by: authorize<Action>(principal, action, { storeId, isNarrowed }) };
  } catch (cause) {
    if (cause instanceof AppError) await context.services.denials.record(principal, operationOf(request), cause);
    throw cause;
  }
}

/** Whoever sent a request, as somebody who may do something. Throws why they may not. */
function principalOf({ identity, refusal, browser }: Visitor): Principal {
  if (identity === null) throw refusal ?? new AppError('unauthorized', 'Sign in, or send an API key.');
  return { ...identity, requestId: browser.requestId, address: browser.address };
}

/** A key that is let in has no account of its own; whoever is not let in at all has to sign in. */
function sessionRequired({ refusal }: Visitor): AppError {
  return refusal ?? new AppError('session_required', 'Only somebody who is signed in has an account. Sign in first.');
}

/** Stands in where a route takes no rights: its handler is given no principal, and this one may do nothing anywhere. */
function nobody({ browser: { requestId, address } }: Visitor): Principal {
  const rights = { role: 'viewer', actions: [], storeIds: [], grants: {} } as const;
  return { tenantId: '', actor: 'nobody', isPerson: false, ...rights, requestId, address };
}

/** What a request asks for, as the audit names it. */
function operationOf({ method, routeOptions }: FastifyRequest): string {
  return routeOptions.schema?.operationId ?? `${method} ${routeOptions.url ?? ''}`;
}
