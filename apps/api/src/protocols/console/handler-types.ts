import type { ConsoleOperation, ConsoleRoutes, RouteContract } from '@espejo/contracts';
import type { Action, Authorized, ByOperator, Principal } from '@espejo/core';
import type { z } from 'zod';
import type { RequestContext } from './request-context.ts';

type PartOf<R, K extends string> = R extends Record<K, infer S extends z.ZodType> ? Record<K, z.output<S>> : unknown;

/** The input of a handler: the parsed parts of its contract, and the principal of the request. */
export type HandlerInput<R extends RouteContract> = PartOf<R, 'params'> &
  PartOf<R, 'query'> &
  PartOf<R, 'body'> & { readonly visit: RequestContext } & Requester<R['action']> &
  (R extends { readonly isForOperators: true } ? { readonly by: ByOperator } : Proof<R['action']>);

/** The principal with its permissions; where none are needed, `visit` has it. */
type Requester<A extends RouteContract['action']> = A extends 'open' | 'person'
  ? unknown
  : { readonly tenantId: string; readonly principal: Principal };

/** Proof that its action is permitted, named after it, so that a service of another action does not compile. */
type Proof<A extends RouteContract['action']> = A extends Action ? { readonly by: Authorized<A> } : unknown;

export type ConsoleHandlers = {
  readonly [O in ConsoleOperation]: (
    input: HandlerInput<ConsoleRoutes[O]>,
  ) => Promise<z.output<ConsoleRoutes[O]['response']>>;
};
