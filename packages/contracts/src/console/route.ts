import type { z } from 'zod';
import type { Action } from './accounts/api-keys.ts';

export interface RouteContract {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  /** A description for the OpenAPI document. */
  readonly description: string;
  /** Error codes besides those that follow from its other fields; `docs/errors.md` has them all. */
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
  /** The required permission. `any`: any authenticated caller; `person`: a signed-in user; `open`: none. */
  readonly action: Action | 'any' | 'person' | 'open';
  /** A list of stores: a key that is limited to some gets only those. */
  readonly isNarrowed?: true;
  /** It adds data, so it is rejected when only the reserve of the disk is left. */
  readonly isGrowing?: true;
  /** Only for operators of the installation, whatever their role in the current tenant; checked at admission. */
  readonly isForOperators?: true;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly status: 200 | 201 | 202 | 204;
  readonly response: z.ZodType;
}

/** Returns the contract with its literal types. */
export const route = <const T extends RouteContract>(contract: T): T => contract;

/** The path of one store: everything below it belongs to that store. */
const STORE_PATH = /^\/api\/vector-stores\/:id(\/|$)/;

/** Whether a route is about the store whose id is in its path. */
export function isAboutOneStore({ path }: Pick<RouteContract, 'path'>): boolean {
  return STORE_PATH.test(path);
}
