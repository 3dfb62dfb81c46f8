import { malformed } from './malformed.ts';
import type { UpstreamPage } from './port.ts';

export interface FetchedPage<T> extends UpstreamPage<T> {
  readonly hasMore: boolean;
}

/** Upstream refused the cursor itself, most likely because its object was deleted while paging. */
export class CursorRefused extends Error {}

export interface PagedListing<T> {
  /** Fetches the page after a cursor; throws `CursorRefused` only when a cursor was given. */
  readonly fetchPage: (after: string | null) => Promise<FetchedPage<T>>;
  readonly idOf: (item: T) => string;
  /** More pages than any real listing has: the last guard against one that never ends. */
  readonly pagesMax: number;
}

const RESTARTS_MAX = 2;

/**
 * Pages through a listing and ends normally only when upstream led it to its end without a contradiction.
 *
 * A refused cursor restarts from the top, at most twice. So does an empty page after `has_more: true`: it is what a
 * server that lost the cursor silently answers, and also what remains when the last rows were just deleted or when a
 * server guesses `has_more` from a full page. The second pass tells them apart: an end at the same cursor is an end.
 */
export async function* listPages<T>(listing: PagedListing<T>): AsyncGenerator<UpstreamPage<T>, void, undefined> {
  let emptyAfter: string | null = null;
  for (let restart = 0; restart <= RESTARTS_MAX; restart++) {
    const progress = createProgressGuard(listing);
    let after: string | null = null;
    let isAtEnd = false;
    while (!isAtEnd) {
      const page: FetchedPage<T> | null = await fetchUnlessRefused(listing, after);
      if (page === null) break;
      if (page.items.length === 0 && after !== null && !page.hasMore && after !== emptyAfter) {
        emptyAfter = after;
        break;
      }
      after = progress.advance(page, after);
      yield page;
      isAtEnd = !page.hasMore;
    }
    if (isAtEnd) return;
  }
  throw malformed('its listing lost the place at every attempt to page through it');
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
 * Sees that every page is new. It remembers the first and last id of each page, not every id: two short sets even for
 * a million rows, and still any page that comes again, whole or shifted, shows one of them.
 */
function createProgressGuard<T>(listing: PagedListing<T>) {
  const firstIds = new Set<string>();
  const lastIds = new Set<string>();
  return {
    advance(page: FetchedPage<T>, after: string | null): string | null {
      const first = page.items[0];
      const last = page.items.at(-1);
      if (first === undefined || last === undefined) {
        if (page.hasMore) throw malformed('a page is empty but says that it "has_more"');
        return after;
      }
      const firstId = listing.idOf(first);
      const lastId = listing.idOf(last);
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
