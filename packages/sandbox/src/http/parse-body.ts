import { brokenJson, parseValue } from '@espejo/contracts/openai';
import type { z } from 'zod';

/** Reads a JSON body by its schema; an invalid body is rejected with the message of the real API. */
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
