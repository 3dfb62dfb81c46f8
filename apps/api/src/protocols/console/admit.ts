import { type Action, AppError, type Authorized, authorize, type Identity, type Principal } from '@espejo/core';
import type { FastifyRequest } from 'fastify';
import { KEY_PREFIX } from '../../services/api-keys/api-key-text.ts';
import { findKeyHolder } from '../../services/api-keys/find-key-holder.ts';
import type { Services } from '../../wire.ts';
import { type AuthSettings, authenticate, bearerOf } from './authenticate.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, and the proof that they may; set when they are admitted, which is before anything else. */
    admission: Admission;
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
  /** `any`: nothing but to be let in. */
  readonly action: Action | 'any';
  /** The path parameter with the one store it is about. */
  readonly storeParam?: string;
  /** A list of stores, narrowed to those that are reached. */
  readonly isNarrowed?: boolean;
  /** It does not count as one of the requests a tenant may send. */
  readonly isUnmetered?: boolean;
}

export interface AdmissionContext {
  readonly services: Services;
  readonly auth: AuthSettings;
  /** Clients that always send some key are treated like those that send none while none is configured. */
  readonly isKeyOptional?: boolean;
}

/**
 * Lets a request in if whoever sends it may do what it asks. Throws `unauthorized`, `forbidden_origin`,
 * `role_insufficient` and `scope_insufficient`, which are on record in the audit, and `rate_limit_exceeded` when its
 * tenant has sent more requests than its plan allows.
 */
export async function admit(request: FastifyRequest, context: AdmissionContext, needed: Needed): Promise<Admission> {
  const principal = await principalOf(request, context);
  const { action, storeParam, isNarrowed, isUnmetered } = needed;
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

/** A key of this installation with its bounds; the automation key, the console and, while no key is set, this machine as owners. */
async function principalOf(request: FastifyRequest, context: AdmissionContext): Promise<Principal> {
  const { services, auth } = context;
  const bearer = bearerOf(request);
  const holder = bearer === undefined ? undefined : await findKeyHolder(services, bearer);
  // A key of ours that works no more is a wrong key, not a client that always sends some key.
  const isKeyOptional = context.isKeyOptional === true && bearer?.startsWith(KEY_PREFIX) !== true;
  const identity: Identity = holder ?? ownerOf(services.tenantId, authenticate(request, auth, { isKeyOptional }));
  return { ...identity, requestId: request.id, address: request.ip };
}

function ownerOf(tenantId: string, actor: string): Identity {
  return { tenantId, actor, isPerson: actor === 'console', role: 'owner', actions: null, storeIds: null, grants: {} };
}

/** What a request asks for, as the audit names it. */
function operationOf({ method, routeOptions }: FastifyRequest): string {
  return routeOptions.schema?.operationId ?? `${method} ${routeOptions.url ?? ''}`;
}
