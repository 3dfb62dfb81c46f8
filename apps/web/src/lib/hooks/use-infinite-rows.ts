'use client';

import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { createPageFlattener, type Page } from '#lib/api/pages.ts';

export interface InfiniteRows<T> {
  readonly rows: readonly T[];
  /** Rows that match, over all pages; null while not known. */
  readonly total: number | null;
  readonly asOf: number | null;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  /** Loading more failed; the rows so far stay. */
  readonly hasFailedMore: boolean;
  readonly loadMore: () => void;
  /** These rows belong to the view before; the new one is on its way. */
  readonly isStaleView: boolean;
}

/** An infinite query as one list. `idOf` is taken once. */
export function useInfiniteRows<T, P extends Page<T>>(
  query: UseInfiniteQueryResult<InfiniteData<P, unknown>, Error>,
  idOf: (row: T) => string,
): InfiniteRows<T> {
  const { data, fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError, isPlaceholderData } = query;
  const [flatten] = useState(() => createPageFlattener<T>(idOf));
  const rows = flatten(data);
  // `cancelRefetch: false`: scrolling must not restart a page that is already on its way.
  const loadMore = useCallback(() => void fetchNextPage({ cancelRefetch: false }), [fetchNextPage]);
  const newest = data?.pages.at(-1);
  return {
    rows,
    total: newest?.total ?? null,
    asOf: data?.pages[0]?.asOf ?? null,
    hasMore: hasNextPage,
    isLoadingMore: isFetchingNextPage,
    hasFailedMore: isFetchNextPageError,
    loadMore,
    isStaleView: isPlaceholderData,
  };
}
