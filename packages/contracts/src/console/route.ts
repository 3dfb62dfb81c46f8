import type { z } from 'zod';
import type { Role } from './api-keys.ts';

export interface RouteContract {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly tag: 'Vector stores' | 'Files' | 'Sync' | 'Connections' | 'Deletions' | 'Transfers' | 'Keys' | 'System';
  /** The least role that may do this. Left out: a viewer where it is a GET, an editor else. */
  readonly role?: Role;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly status: 200 | 201 | 202 | 204;
  readonly response: z.ZodType;
}

/** A contract as it is, with its types kept. */
export const route = <const T extends RouteContract>(contract: T): T => contract;

/** The least role that may do what a route does. */
export function roleNeeded({ method, role }: { readonly method: string; readonly role?: Role | undefined }): Role {
  return role ?? (method === 'GET' || method === 'HEAD' ? 'viewer' : 'editor');
}
