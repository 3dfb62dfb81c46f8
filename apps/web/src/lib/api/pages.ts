import type { InfiniteData } from '@tanstack/react-query';

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly asOf: number | null;
}

/** The paging half of an infinite query over a keyset-paged route. */
export const keysetPaging = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: { readonly nextCursor: string | null }) => last.nextCursor ?? undefined,
} as const;

/** Rows of all loaded pages, each id once: a row that moved between two page reads must not appear twice. */
export function flattenPages<T>(data: InfiniteData<Page<T>, unknown> | undefined, idOf: (row: T) => string): T[] {
  const seen = new Set<string>();
  const rows: T[] = [];
  for (const page of data?.pages ?? []) {
    for (const row of page.data) {
      const id = idOf(row);
      if (seen.has(id)) continue;
      seen.add(id);
      rows.push(row);
    }
  }
  return rows;
}
