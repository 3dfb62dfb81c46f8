import type { InfiniteData } from '@tanstack/react-query';

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly asOf: number | null;
}

/**
 * The paging options of an infinite query over a keyset-paged route. Structural sharing is off: it would compare every
 * loaded row again for each further page, which at 100,000 rows takes longer than the request.
 */
export const keysetPaging = {
  structuralSharing: false,
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: { readonly nextCursor: string | null }) => last.nextCursor ?? undefined,
} as const;

/**
 * Flattens all loaded pages into one list with each id once, because a row may move between two requests. Pages that
 * were flattened before are not processed again, so that each further page costs the same.
 */
export function createPageFlattener<T>(
  idOf: (row: T) => string,
): (data: InfiniteData<Page<T>, unknown> | undefined) => readonly T[] {
  let pages: readonly Page<T>[] = [];
  let seen = new Set<string>();
  let rows: readonly T[] = [];
  return (data) => {
    const next = data?.pages ?? [];
    const isSame = next.length === pages.length && next.every((page, index) => page === pages[index]);
    if (isSame) return rows;
    const isLonger = next.length > pages.length && pages.every((page, index) => page === next[index]);
    if (!isLonger) seen = new Set();
    const added: T[] = [];
    for (const page of isLonger ? next.slice(pages.length) : next) {
      for (const row of page.data) {
        const id = idOf(row);
        if (seen.has(id)) continue;
        seen.add(id);
        added.push(row);
      }
    }
    rows = isLonger ? rows.concat(added) : added;
    pages = next;
    return rows;
  };
}
