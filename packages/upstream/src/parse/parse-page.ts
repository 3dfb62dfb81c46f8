import { MalformedAnswer, malformed } from './malformed.ts';
import { isJsonObject } from './parse-fields.ts';

export interface ParsedPage<T> {
  /** The rows that could be read. */
  readonly items: readonly T[];
  readonly hasMore: boolean;
  /** Ids of the first and the last row as they were sent, readable or not; null if a row has no usable one. */
  readonly firstId: string | null;
  readonly lastId: string | null;
  /** What could not be read, as text that names it. A list with any of these is not complete. */
  readonly faults: readonly string[];
}

/** A page of this size without `has_more` may be the first of a server that ignores `limit`: OpenAI's default size. */
const DEFAULT_PAGE_ROWS = 20;

/**
 * Reads OpenAI's list envelope. An unreadable row is left out and named. Without `has_more` a page that is shorter than
 * requested is the last one; a full one may be followed by others, so the list is then incomplete.
 */
export function parsePage<T>(body: unknown, limit: number, parseRow: (row: unknown) => T): ParsedPage<T> {
  if (!isJsonObject(body)) throw malformed('the page is not an object');
  if (body.object !== undefined && body.object !== 'list') throw malformed('the page is not a list');
  if (!Array.isArray(body.data)) throw malformed('the page has no "data"');
  const rows: readonly unknown[] = body.data;
  const items: T[] = [];
  const faults: string[] = [];
  for (let i = 0; i < rows.length; i++) {
    try {
      items.push(parseRow(rows[i]));
    } catch (cause) {
      if (!(cause instanceof MalformedAnswer)) throw cause;
      faults.push(`${nameOf(rows[i], i)} (${cause.reason})`);
    }
  }
  const { has_more: hasMore = null } = body;
  const isShort = rows.length < limit && rows.length !== DEFAULT_PAGE_ROWS;
  if (typeof hasMore !== 'boolean' && !(hasMore === null && isShort)) {
    faults.push(
      hasMore === null
        ? `what follows a page of ${rows.length} rows (the page does not say whether it "has_more")`
        : `what follows a page of ${rows.length} rows (its "has_more" is neither true nor false)`,
    );
  }
  return {
    items,
    hasMore: hasMore === true,
    firstId: idOf(rows[0]) ?? usableId(body.first_id),
    lastId: idOf(rows.at(-1)) ?? usableId(body.last_id),
    faults,
  };
}

/** The form of ids that are shown in a message; others are named by their position. */
const SHOWN_ID = /^[\w.:=+-]{1,100}$/;

function nameOf(row: unknown, index: number): string {
  const id = idOf(row);
  return id !== null && SHOWN_ID.test(id) ? `'${id}'` : `row ${index + 1} of a page`;
}

function idOf(row: unknown): string | null {
  return isJsonObject(row) ? usableId(row.id) : null;
}

function usableId(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value !== '.' && value !== '..' ? value : null;
}
