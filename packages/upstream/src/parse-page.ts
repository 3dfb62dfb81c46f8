import { malformed } from './malformed.ts';
import { isJsonObject } from './parse-fields.ts';

export interface ParsedPage<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
}

/** Reads OpenAI's list envelope. One bad row rejects the whole page: a page with a hole is not a page of a listing. */
export function parsePage<T>(body: unknown, parseRow: (row: unknown) => T): ParsedPage<T> {
  if (!isJsonObject(body)) throw malformed('the page is not an object');
  if (body.object !== undefined && body.object !== 'list') throw malformed('the page is not a list');
  if (!Array.isArray(body.data)) throw malformed('the page has no "data"');
  const rows: readonly unknown[] = body.data;
  if (typeof body.has_more !== 'boolean') throw malformed('the page does not say whether it "has_more"');
  const items: T[] = [];
  for (const row of rows) items.push(parseRow(row));
  return { items, hasMore: body.has_more };
}
