'use client';

import { SyncProgress, SyncRun } from '@espejo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { syncRunQuery } from '#lib/api/sync-runs.ts';

/**
 * Writes the server-sent events of a running sync into its query, so that every component that shows the run is live.
 * The browser reconnects automatically; while the stream is broken, the query polls slowly. At the end all data that
 * the run may have changed is loaded again.
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
