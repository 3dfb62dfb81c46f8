'use client';

import type { Deletion } from '@espejo/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCcwIcon } from 'lucide-react';
import { toast } from 'sonner';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { asApiError } from '#lib/api/client.ts';
import { cancelDeletion, deletionQuery, isOpen, retryDeletion } from '#lib/api/deletions.ts';
import { plural } from '#lib/format/count.ts';

/** Retries parked steps, or cancels steps that have not started. */
export function TaskActions({ deletion }: { deletion: Deletion }) {
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: (what: 'retry' | 'cancel') =>
      what === 'retry' ? retryDeletion(deletion.id) : cancelDeletion(deletion.id),
    onSuccess: (after, what) => {
      queryClient.setQueryData(deletionQuery(deletion.id).queryKey, after);
      toast.success(what === 'retry' ? 'Retrying' : 'Cancelled: running steps finish, and no further step starts');
    },
    onError: (cause) => {
      const error = asApiError(cause);
      toast.error(error.message, { description: error.code });
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['deletions'] }),
  });
  const canCancel = isOpen(deletion.status) || deletion.status === 'parked';
  return (
    <>
      {deletion.steps.parked > 0 && !isOpen(deletion.status) ? (
        <PermissionButton needs="delete" size="sm" disabled={act.isPending} onClick={() => act.mutate('retry')}>
          <RotateCcwIcon />
          Retry {plural(deletion.steps.parked, 'failed step')}
        </PermissionButton>
      ) : null}
      {canCancel ? (
        <PermissionButton
          needs="delete"
          size="sm"
          variant="outline"
          disabled={act.isPending}
          onClick={() => act.mutate('cancel')}
        >
          Cancel the rest
        </PermissionButton>
      ) : null}
    </>
  );
}
