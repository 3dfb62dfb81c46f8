import type { UpstreamHit } from '../searcher.ts';
import { malformed } from './malformed.ts';
import { isJsonObject, optionalObject, requiredId, requiredText } from './parse-fields.ts';

/**
 * Reads the response of a search. Its `search_query` is a list in real responses and one text in the published
 * examples.
 */
export function parseSearch(body: unknown): { queries: string[]; hits: UpstreamHit[] } {
  if (!isJsonObject(body) || !Array.isArray(body.data)) throw malformed('it answered a search with something else');
  const asked = body.search_query;
  const queries = (Array.isArray(asked) ? asked : [asked]).filter((query) => typeof query === 'string');
  return { queries, hits: body.data.map(parseHit) };
}

/** Reads the parsed text of a file; parts that are not text are left out. */
export function parseFileText(body: unknown): { texts: string[]; hasMore: boolean } {
  if (!isJsonObject(body) || !Array.isArray(body.data)) throw malformed('it answered with something else than text');
  return { texts: textsOf(body.data), hasMore: body.has_more === true };
}

function parseHit(row: unknown): UpstreamHit {
  if (!isJsonObject(row)) throw malformed('a search result is not an object');
  if (typeof row.score !== 'number' || !Number.isFinite(row.score)) throw malformed('a search result has no score');
  if (!Array.isArray(row.content)) throw malformed('a search result has no content');
  return {
    fileId: requiredId(row.file_id),
    filename: requiredText(row.filename, 'filename'),
    score: row.score,
    attributes: optionalObject(row.attributes, 'attributes'),
    texts: textsOf(row.content),
  };
}

function textsOf(parts: readonly unknown[]): string[] {
  return parts.flatMap((part) => (isJsonObject(part) && typeof part.text === 'string' ? [part.text] : []));
}
