'use client';

import type { StartSyncRunBody } from '@espejo/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { asApiError } from '#lib/api/client.ts';
import { startSyncRun } from '#lib/api/sync-runs.ts';

/** Starts a run and links to it. An error (a run is already in progress) is shown with its code. */
export function useStartSync() {
  const queryClient = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: (body: StartSyncRunBody) => startSyncRun(body),
    onSuccess: ({ id }, body) => {
      toast.success(body.dryRun ? 'Dry run started' : 'Sync started', {
        action: { label: 'Watch', onClick: () => router.push(`/sync/${encodeURIComponent(id)}`) },
      });
    },
    onError: (cause) => {
      const error = asApiError(cause);
      toast.error(error.message, { description: error.code });
    },
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['status'] }),
        queryClient.invalidateQueries({ queryKey: ['connections'] }),
        queryClient.invalidateQueries({ queryKey: ['sync-runs'] }),
      ]),
  });
}
