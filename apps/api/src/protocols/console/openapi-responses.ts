import { ErrorBody, type RouteContract } from '@espejo/contracts';
import { z } from 'zod';

/** The security requirement in the OpenAPI document: a key, or a session. */
export const SECURITY = [{ bearer: [] }, { session: [] }];

/** The same of a route. */
export function securityOf({ action }: Pick<RouteContract, 'action'>) {
  if (action === 'open') return [];
  return action === 'person' ? [{ session: [] }] : SECURITY;
}

/** The error responses of every route, in the OpenAPI document. */
export const ERROR_RESPONSE = json('Refused or failed; `code` says why', ErrorBody);

/** The success responses of a route, in the OpenAPI document. */
export function successResponse({ status, response }: RouteContract) {
  return status === 204
    ? z.null().describe('Done')
    : json(status === 202 ? 'Accepted; it goes on in the background' : 'OK', response);
}

function json(description: string, schema: z.ZodType) {
  return { description, content: { 'application/json': { schema } } };
}
