import { z } from 'zod';

/** The requests to which a fault applies. Every given part must match; an absent part matches all. */
const Match = {
  method: z.string().optional().describe('GET, POST, DELETE; any when absent'),
  path: z
    .string()
    .optional()
    .describe('Pattern of the path after /v1: `*` is one segment, `**` any rest. Example: /vector_stores/*/files'),
  query: z.record(z.string(), z.string()).optional().describe('Required query parameters; the value `*` matches any'),
  nth: z
    .int()
    .min(1)
    .optional()
    .describe('The first matching request to apply to, counted from 1; only that one unless `count` is given'),
  count: z
    .int()
    .min(1)
    .optional()
    .describe('How many matching requests, from the nth on, to apply to; all when neither it nor `nth` is given'),
  probability: z.number().min(0).max(1).optional().describe('The probability of each of them'),
  seed: z.int().optional().describe('Makes the probability repeatable'),
};

const effect = z.enum(['before', 'after']).default('before');
const kind = <const K extends string, S extends z.core.$ZodLooseShape>(name: K, shape: S) =>
  z.strictObject({ kind: z.literal(name), ...Match, ...shape });

export const Fault = z.discriminatedUnion('kind', [
  /** Answers late, in real time. */
  kind('latency', { latencyMs: z.number().min(0) }),
  /** Answers with a status and an error body instead of working. */
  kind('status', {
    status: z.int().min(200).max(599),
    headers: z.record(z.string(), z.string()).optional(),
    type: z.string().optional(),
    code: z.string().nullable().optional(),
    message: z.string().optional(),
  }),
  /** Rejects a restricted key as OpenAI does: 401, with the missing scope in the message. */
  kind('missing_scope', { scope: z.string().default('api.files.read') }),
  /** Answers 404 to the first requests for each object, although it exists: a new object is not found at once. */
  kind('object_lag', { lookups: z.int().min(1).describe('Requests for one id that are answered 404') }),
  /** The first GETs of a deleted store or file by its id answer 200, with its id and type: a deletion is seen late. */
  kind('removal_lag', { lookups: z.int().min(1).describe('Requests for one id that are answered 200') }),
  /** Lists without `has_more`, as some servers send them. */
  kind('no_has_more', {}),
  /** Never answers; the request takes effect before, or not at all. */
  kind('hang', { effect }),
  /** Closes the connection without a response. */
  kind('drop', { effect }),
  /** Announces the whole body, sends a part of it and closes the connection. */
  kind('truncated_body', { share: z.number().min(0).max(1).default(0.5) }),
  /** Answers 200 with a page of HTML. */
  kind('html', { status: z.int().default(200) }),
  /** A list without rows, although there are some. */
  kind('empty_list', {}),
  /** `has_more` is always true; after the end pages are empty. */
  kind('has_more_forever', {}),
  /** The cursor is ignored: the first page again, with `has_more` true. */
  kind('repeated_page', {}),
  /** No rows, yet `has_more` is true. */
  kind('empty_page_with_more', {}),
  /** Refuses any cursor with 400. */
  kind('cursor_rejected', {}),
  /** Hides rows younger than this from lists, on the sandbox's clock; GET by id returns them. */
  kind('list_lag', { lagMs: z.number().min(0) }),
  /** Hides this share of the rows from lists, other rows in every listing. */
  kind('list_holes', { share: z.number().min(0).max(1) }),
  /** Deletes a file but leaves its attachments, or only their count. Applies to DELETE /files/*. */
  kind('ghost_attachments', { mode: z.enum(['listed', 'counted']).default('listed') }),
  /** Detaching a file from one store detaches it from all of them. */
  kind('detach_everywhere', {}),
  /** GET of a file batch returns its store, as was reported of the real API. */
  kind('store_instead_of_batch', {}),
  /** Adds to the `file_counts` of stores. */
  kind('stale_file_counts', {
    add: z.partialRecord(z.enum(['in_progress', 'completed', 'failed', 'cancelled', 'total']), z.int()),
  }),
  /** Leaves a field out of rows: of one row of the page, or of all. */
  kind('missing_field', { field: z.string(), row: z.int().min(0).optional() }),
  /** Sets a field of rows: an unknown status, an unknown field, a wrong type. `rawJson` is sent unchanged. */
  kind('set_field', {
    field: z.string(),
    value: z.unknown().optional(),
    rawJson: z
      .string()
      .optional()
      .describe('For values that JSON.stringify cannot write, such as a number beyond 2^53'),
    row: z.int().min(0).optional(),
  }),
  /** A deletion answers `deleted: false`; it takes effect or not. */
  kind('not_deleted', { isEffective: z.boolean().default(false) }),
]);
export type Fault = z.output<typeof Fault>;
export type FaultInput = z.input<typeof Fault>;
export type FaultOf<K extends Fault['kind']> = Extract<Fault, { kind: K }>;
