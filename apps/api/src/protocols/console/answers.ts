import { ErrorBody, type RouteContract } from '@espejo/contracts';
import { z } from 'zod';

/** What every route may answer instead, in the OpenAPI document. */
export const REFUSAL = json('Refused or failed; `code` says why', ErrorBody);

/** What a route answers when all is well, in the OpenAPI document. */
export function answerOf({ status, response }: RouteContract) {
  return status === 204
    ? z.null().describe('Done')
    : json(status === 202 ? 'Accepted; it goes on by itself' : 'OK', response);
}

function json(description: string, schema: z.ZodType) {
  return { description, content: { 'application/json': { schema } } };
}
