import type { z } from 'zod';

export interface RouteContract {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly tag: 'Vector stores' | 'Files' | 'Sync' | 'Connections' | 'Deletions' | 'Transfers' | 'System';
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly status: 200 | 201 | 202 | 204;
  readonly response: z.ZodType;
}

/** A contract as it is, with its types kept. */
export const route = <const T extends RouteContract>(contract: T): T => contract;
