'use client';

import { Deletion } from '@espejo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { deletionQuery } from '#lib/api/deletions.ts';

/**
 * Follows a deletion by its server-sent events and writes them into its query. The browser reconnects by itself; should
 * the stream stay away, the query's own slow poll carries on. At the end everything it may have changed is read again.
 */
export function useDeletionEvents(id: string, isActive: boolean): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!isActive) return;
    const { queryKey } = deletionQuery(id);
    const source = new EventSource(`/api/deletions/${encodeURIComponent(id)}/events`);
    const take = (event: MessageEvent<string>): void => {
      const deletion = Deletion.safeParse(readJson(event.data));
      if (deletion.success) queryClient.setQueryData(queryKey, deletion.data);
    };
    source.addEventListener('progress', take);
    source.addEventListener('end', (event: MessageEvent<string>) => {
      source.close();
      take(event);
      void queryClient.invalidateQueries();
    });
    return () => source.close();
  }, [id, isActive, queryClient]);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
