import type { z } from 'zod';
import { refusalOfIssues } from './issue-refusal.ts';
import { WireError } from './wire-error.ts';

const BROKEN_JSON =
  "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library " +
  'correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)';

/** A body that is not JSON, in the words of the real API. */
export function brokenJson(): WireError {
  return new WireError(400, BROKEN_JSON);
}

/** Checks a value by its schema and refuses the first thing wrong with it, in the words of the real API. */
export function parseValue<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw refusalOfIssues(result.error.issues);
}
