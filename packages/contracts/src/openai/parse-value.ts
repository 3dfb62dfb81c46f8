import { z } from 'zod';
import { OpenAiError } from './openai-error.ts';
import { INTEGER_EXPECTED, refusalOfIssues } from './zod-issue-to-error.ts';

const BROKEN_JSON =
  "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library " +
  'correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)';

/** The error of a body that is not JSON, with the message of the real API. */
export function brokenJson(): OpenAiError {
  return new OpenAiError(400, BROKEN_JSON);
}

/** Zod reports "number" for a whole number. */
function nameIntegers({ code, inst }: z.core.$ZodRawIssue): string | undefined {
  return code === 'invalid_type' && inst instanceof z.core.$ZodNumberFormat ? INTEGER_EXPECTED : undefined;
}

/** Checks a value by its schema and throws the first error, with the message of the real API. */
export function parseValue<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value, { reportInput: true, error: nameIntegers });
  if (result.success) return result.data;
  throw refusalOfIssues(result.error.issues);
}
