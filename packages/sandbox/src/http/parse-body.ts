import { brokenJson, parseValue } from '@espejo/contracts/openai';
import type { z } from 'zod';

/** Reads a JSON body by its schema; a body that breaks it is refused in the words of the real API. */
export function parseBody<S extends z.ZodType>(schema: S, body: Uint8Array): z.output<S> {
  if (body.byteLength === 0) return parseValue(schema, {});
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    throw brokenJson();
  }
  return parseValue(schema, json);
}
