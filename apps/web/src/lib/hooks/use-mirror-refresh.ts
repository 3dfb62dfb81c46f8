'use client';

import type { Status } from '@espejo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';

/** A long list is not refreshed automatically: it shows a refresh button, see `AsOf`. */
const PAGES_REFRESHED_MAX = 4;

/**
 * Refreshes the queries on screen when the status poll shows that the mirror has changed. One poll serves every page,
 * so no list polls separately.
 */
export function useMirrorRefresh(status: Status | undefined): void {
  const queryClient = useQueryClient();
  const revision = status === undefined ? null : mirrorRevision(status);
  const last = useRef<string | null>(null);

  useEffect(() => {
    if (revision === null || revision === last.current) return;
    const isFirst = last.current === null;
    last.current = revision;
    if (isFirst) return;
    void queryClient.invalidateQueries({
      predicate: (query) => query.queryKey[0] !== 'status' && countPages(query.state.data) <= PAGES_REFRESHED_MAX,
    });
  }, [revision, queryClient]);
}

/** A value that changes whenever a listed item may have changed. */
function mirrorRevision(status: Status): string {
  return [
    status.asOf,
    status.storeCount,
    status.fileCount,
    status.orphanCount,
    status.connectionCount,
    status.activeRunIds.join(),
    status.reviewRunIds.join(),
  ].join('|');
}

function countPages(data: unknown): number {
  if (typeof data !== 'object' || data === null || !('pages' in data) || !Array.isArray(data.pages)) return 1;
  return data.pages.length;
}
