import { z } from 'zod';
import { OpenAiError } from './openai-error.ts';
import { parseValue } from './parse-value.ts';

const FILES_LIMIT_MAX = 10_000;

/** The requested page of a list. `after` and `before` are ids of rows; null: from the end that `order` begins with. */
export interface WirePageQuery {
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly after: string | null;
  readonly before: string | null;
}

/** A number in a query; any other text is returned unchanged, and rejected later. */
function toNumber(text: unknown): unknown {
  return typeof text === 'string' && /^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
}

const PageParams = z.object({
  limit: z.preprocess(toNumber, z.int().min(1).max(100)).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: z.string().optional(),
  before: z.string().optional(),
});
const StatusParams = z.object({
  filter: z.enum(['in_progress', 'completed', 'failed', 'cancelled']).optional(),
});
export type WireStatusFilter = z.output<typeof StatusParams>['filter'];

/** The paging of stores, store files and batch files. Throws OpenAiError. */
export function parsePageQuery(query: URLSearchParams): WirePageQuery {
  const params = parseValue(PageParams, Object.fromEntries(query));
  return { limit: params.limit, order: params.order, after: params.after || null, before: params.before || null };
}

/** The status filter of store files and batch files. Throws OpenAiError. */
export function parseStatusFilter(query: URLSearchParams): WireStatusFilter {
  return parseValue(StatusParams, Object.fromEntries(query)).filter;
}

/** The paging of `/files`: larger pages, no `before`, and that endpoint's own error messages. */
export function parseFilesQuery(query: URLSearchParams): WirePageQuery {
  const limit = Number(query.get('limit') ?? FILES_LIMIT_MAX);
  const order = query.get('order') ?? 'desc';
  if (!Number.isInteger(limit)) throw refused(`'${query.get('limit')}' is not of type 'integer' - 'limit'`, 'limit');
  if (limit < 1) throw refused(`${limit} is less than the minimum of 1 - 'limit'`, 'limit');
  if (limit > FILES_LIMIT_MAX) {
    throw refused(`${limit} is greater than the maximum of ${FILES_LIMIT_MAX} - 'limit'`, 'limit');
  }
  if (order !== 'asc' && order !== 'desc') throw refused(`'${order}' is not one of ['asc', 'desc'] - 'order'`, 'order');
  return { limit, order, after: query.get('after') || null, before: null };
}

function refused(message: string, param: string): OpenAiError {
  return new OpenAiError(400, message, { param });
}
