import type { z } from 'zod';
import { WireError } from '../errors.ts';
import { refusalOfIssues } from './issue-refusal.ts';

const BROKEN_JSON =
  "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library " +
  'correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)';

/** Reads a JSON body by its schema; a body that breaks it is refused in the words of the real API. */
export function parseBody<S extends z.ZodType>(schema: S, body: Uint8Array): z.output<S> {
  let json: unknown = {};
  if (body.byteLength > 0) {
    try {
      json = JSON.parse(Buffer.from(body).toString('utf8'));
    } catch {
      throw new WireError(400, BROKEN_JSON);
    }
  }
  return parseValue(schema, json);
}

/** Checks a value by its schema and refuses the first thing wrong with it. */
export function parseValue<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw refusalOfIssues(result.error.issues);
}
