'use client';

import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { createPageFlattener, type Page } from '#lib/api/pages.ts';

export interface InfiniteRows<T> {
  readonly rows: readonly T[];
  /** The number of matching rows over all pages; null while unknown. */
  readonly total: number | null;
  readonly asOf: number | null;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  /** Loading more failed; the loaded rows stay. */
  readonly hasFailedMore: boolean;
  readonly loadMore: () => void;
  /** These rows belong to the previous view; the new one is loading. */
  readonly isStaleView: boolean;
}

/** An infinite query as one list. Only the first `idOf` is used. */
export function useInfiniteRows<T, P extends Page<T>>(
  query: UseInfiniteQueryResult<InfiniteData<P, unknown>, Error>,
  idOf: (row: T) => string,
): InfiniteRows<T> {
  const { data, fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError, isPlaceholderData } = query;
  const [flatten] = useState(() => createPageFlattener<T>(idOf));
  const rows = flatten(data);
  // `cancelRefetch: false`: scrolling must not restart a request in progress.
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
