import { malformed, partlyUnreadable } from '../parse/malformed.ts';
import type { UpstreamPage } from '../port.ts';

export interface FetchedPage<T> extends UpstreamPage<T> {
  readonly hasMore: boolean;
  /** The ids of its first and last row, if they differ from those of the first and last item. */
  readonly ends?: { readonly firstId: string | null; readonly lastId: string | null } | undefined;
  /** Rows and envelopes that could not be read, as text. */
  readonly faults?: readonly string[] | undefined;
}

/** Upstream rejected the cursor itself, most likely because its object was deleted while paging. */
export class CursorRefused extends Error {}

export interface PagedListing<T> {
  /** Fetches the page after a cursor; throws `CursorRefused` only when a cursor was given. */
  readonly fetchPage: (after: string | null) => Promise<FetchedPage<T>>;
  readonly idOf: (item: T) => string;
  /** What is listed, for messages: 'vector stores'. */
  readonly name: string;
  /** More pages than any real listing has: a limit for one that never ends. */
  readonly pagesMax: number;
}

const RESTARTS_MAX = 2;
/** A list with more unreadable parts than this is aborted. */
const FAULTS_MAX = 1000;

/**
 * Pages through a listing and ends normally only when upstream led it to its end without a contradiction, and every row
 * could be read. Unreadable rows are named in the error that is thrown after the last page.
 *
 * A rejected cursor restarts from the top, at most twice. So does an empty page after `has_more: true`: a server that
 * lost the cursor may send it, but also one whose last rows were just deleted, or one that derives `has_more` from a
 * full page. The second pass distinguishes them: an end at the same cursor is final.
 */
export async function* listPages<T>(listing: PagedListing<T>): AsyncGenerator<UpstreamPage<T>, void, undefined> {
  let emptyAfter: string | null = null;
  // A restart finds the same ones again.
  const faults = new Set<string>();
  for (let restart = 0; restart <= RESTARTS_MAX; restart++) {
    const progress = createProgressGuard(listing);
    let after: string | null = null;
    let isAtEnd = false;
    while (!isAtEnd) {
      const page: FetchedPage<T> | null = await fetchUnlessRefused(listing, after);
      if (page === null) break;
      for (const fault of page.faults ?? []) faults.add(fault);
      if (faults.size > FAULTS_MAX) throw partlyUnreadable(listing.name, [...faults]);
      if (isEmpty(page) && after !== null && !page.hasMore && after !== emptyAfter) {
        emptyAfter = after;
        break;
      }
      after = progress.advance(page, after);
      yield page;
      isAtEnd = !page.hasMore;
    }
    if (isAtEnd && faults.size > 0) throw partlyUnreadable(listing.name, [...faults]);
    if (isAtEnd) return;
  }
  throw malformed('its listing lost the place at every attempt to page through it');
}

/** Whether upstream sent no row at all; a page whose rows could not be read is not empty. */
function isEmpty<T>(page: FetchedPage<T>): boolean {
  return page.items.length === 0 && (page.faults ?? []).length === 0;
}

async function fetchUnlessRefused<T>(listing: PagedListing<T>, after: string | null): Promise<FetchedPage<T> | null> {
  try {
    return await listing.fetchPage(after);
  } catch (error) {
    if (error instanceof CursorRefused && after !== null) return null;
    throw error;
  }
}

/**
 * Checks that every page is new. It stores the first and last id of each page, not every id: two short sets even for a
 * million rows, and still any repeated page, whole or shifted, contains one of them.
 */
function createProgressGuard<T>(listing: PagedListing<T>) {
  const firstIds = new Set<string>();
  const lastIds = new Set<string>();
  return {
    advance(page: FetchedPage<T>, after: string | null): string | null {
      const { firstId, lastId } = page.ends ?? endsOf(page.items, listing.idOf);
      if (firstId === null || lastId === null) {
        if (page.hasMore && isEmpty(page)) throw malformed('a page is empty but says that it "has_more"');
        if (page.hasMore)
          throw malformed('the next page cannot be asked for: a row at the end of a page has no usable "id"');
        return after;
      }
      if (firstIds.has(firstId) || lastIds.has(lastId) || lastIds.has(firstId)) {
        throw malformed('its listing came back to a page that it had already given');
      }
      if (page.hasMore && lastIds.size + 1 >= listing.pagesMax) throw malformed('its listing does not end');
      firstIds.add(firstId);
      lastIds.add(lastId);
      return lastId;
    },
  };
}

function endsOf<T>(items: readonly T[], idOf: (item: T) => string) {
  const first = items[0];
  const last = items.at(-1);
  return {
    firstId: first === undefined ? null : idOf(first),
    lastId: last === undefined ? null : idOf(last),
  };
}
