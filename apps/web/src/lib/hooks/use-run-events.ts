'use client';

import { SyncProgress, SyncRun } from '@espejo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { syncRunQuery } from '#lib/api/sync-runs.ts';

/**
 * Follows a running sync by its server-sent events and writes them into the run's query, so that whoever shows the run
 * is live. The browser reconnects by itself; should the stream stay away, the query's own slow poll carries on. At the
 * end everything the run may have changed is read again.
 */
export function useRunEvents(runId: string | null): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (runId === null) return;
    const { queryKey } = syncRunQuery(runId);
    const source = new EventSource(`/api/sync-runs/${encodeURIComponent(runId)}/events`);

    source.addEventListener('progress', (event: MessageEvent<string>) => {
      const progress = SyncProgress.safeParse(readJson(event.data));
      if (!progress.success) return;
      queryClient.setQueryData(queryKey, (run) => run && { ...run, progress: progress.data });
    });
    source.addEventListener('end', (event: MessageEvent<string>) => {
      source.close();
      const run = SyncRun.safeParse(readJson(event.data));
      if (run.success) queryClient.setQueryData(queryKey, run.data);
      void queryClient.invalidateQueries();
    });
    return () => source.close();
  }, [runId, queryClient]);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
