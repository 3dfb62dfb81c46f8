'use client';

import { Deletion } from '@espejo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { deletionQuery } from '#lib/api/deletions.ts';

/**
 * Writes the server-sent events of a deletion into its query. The browser reconnects automatically; while the stream is
 * broken, the query polls slowly. At the end all data that the deletion may have changed is loaded again.
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
