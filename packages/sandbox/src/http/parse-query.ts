import { z } from 'zod';
import { WireError } from '../errors.ts';
import type { PageQuery } from '../state/page.ts';
import { parseValue } from './parse-body.ts';

const PageParams = z.object({
  limit: z.coerce.number<string>().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: z.string().optional(),
  before: z.string().optional(),
});
const StatusFilter = z.object({
  filter: z.enum(['in_progress', 'completed', 'failed', 'cancelled']).optional(),
});
export type StatusFilter = z.output<typeof StatusFilter>['filter'];

const FILES_LIMIT_MAX = 10_000;

/** The paging of stores, store files and batch files. */
export function parsePageQuery(query: URLSearchParams): PageQuery {
  const params = parseValue(PageParams, Object.fromEntries(query));
  return { limit: params.limit, order: params.order, after: params.after || null, before: params.before || null };
}

/** The status filter of store files and batch files. */
export function parseStatusFilter(query: URLSearchParams): StatusFilter {
  return parseValue(StatusFilter, Object.fromEntries(query)).filter;
}

/** The paging of `/files`: larger pages, no `before`, and refusals in that endpoint's own words. */
export function parseFilesQuery(query: URLSearchParams): PageQuery {
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

function refused(message: string, param: string): WireError {
  return new WireError(400, message, { param });
}
