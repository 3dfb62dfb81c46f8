import { z } from 'zod';
import { LIMITS } from '../limits.ts';

/** An instant in unix seconds, as OpenAI writes them. */
export const Instant = z.int().describe('Unix seconds');

export const ErrorBody = z
  .object({
    error: z.object({
      code: z.string().describe('Stable, machine-readable; listed in docs/errors.md'),
      message: z.string().describe('What happened and what to do about it'),
      requestId: z.string(),
      details: z.record(z.string(), z.unknown()).optional().describe('Facts for programs'),
    }),
  })
  .meta({ id: 'Error' });
export type ErrorBody = z.infer<typeof ErrorBody>;

export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(LIMITS.pageSizeMax).default(LIMITS.pageSizeDefault),
  cursor: z
    .string()
    .max(2048)
    .optional()
    .describe('`nextCursor` of the page before; anything else is 400 unknown_cursor'),
});

/** A page of rows. `nextCursor` is null on the last page; there is never an empty page after it. */
export function pageOf<T extends z.ZodType>(row: T) {
  return z.object({
    data: z.array(row),
    nextCursor: z.string().nullable(),
    total: z.int().describe('Rows that match, over all pages'),
    asOf: Instant.nullable().describe('When the oldest listing behind this page ended; null before the first sync'),
  });
}

export const IdParams = z.object({ id: z.string().min(1).max(LIMITS.idMax) });

/** A text to search for. NUL ends a text in SQLite's text index, so it is rejected. */
export const SearchText = z
  .string()
  .max(LIMITS.searchTextMax)
  .regex(/^[^\0]*$/, 'must hold no NUL character');

/** Query strings contain only text: "true" and "false". */
export const QueryBoolean = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

export const JsonMap = z.record(z.string(), z.unknown());
export const Order = z.enum(['asc', 'desc']);
export const Source = z
  .enum(['primary', 'cache'])
  .describe('primary: hosted here, editable; cache: a read-only mirror');
export type Source = z.infer<typeof Source>;
