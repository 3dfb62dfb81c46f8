import type { z } from 'zod';
import type { Action } from './accounts/api-keys.ts';

export interface RouteContract {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  /** What it does, for the OpenAPI document. */
  readonly description: string;
  /** Codes of errors that it answers beside those that follow from its other fields; `docs/errors.md` has them all. */
  readonly errors: readonly string[];
  readonly tag:
    | 'Accounts'
    | 'People'
    | 'Vector stores'
    | 'Files'
    | 'Sync'
    | 'Connections'
    | 'Deletions'
    | 'Transfers'
    | 'Agents'
    | 'Keys'
    | 'Quotas'
    | 'System';
  /** What doing this takes. `any`: nothing but to be let in; `person`: to be signed in; `open`: nothing at all. */
  readonly action: Action | 'any' | 'person' | 'open';
  /** A list of stores: a key that is held to some is shown those. */
  readonly isNarrowed?: true;
  /** It adds data, so it is refused when only the reserve of the disk is left. */
  readonly isGrowing?: true;
  /** For operators of the installation alone, whatever their role where they work; checked when a request is admitted. */
  readonly isForOperators?: true;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly status: 200 | 201 | 202 | 204;
  readonly response: z.ZodType;
}

/** A contract as it is, with its types kept. */
export const route = <const T extends RouteContract>(contract: T): T => contract;

/** The path of one store: what is below it is about that store alone. */
const STORE_PATH = /^\/api\/vector-stores\/:id(\/|$)/;

/** Whether a route is about the one store whose id is in its path. */
export function isAboutOneStore({ path }: Pick<RouteContract, 'path'>): boolean {
  return STORE_PATH.test(path);
}
