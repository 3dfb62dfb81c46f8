'use client';

import type { VectorStoreDetail } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCcwIcon } from 'lucide-react';
import { toast } from 'sonner';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { asApiError } from '#lib/api/client.ts';
import { restoreVectorStore } from '#lib/api/deletions.ts';
import { formatAbsolute } from '#lib/format/time.ts';

/** A store in the trash: until when it can be restored, and the way to do it. */
export function TrashBanner({ store }: { store: VectorStoreDetail }) {
  const queryClient = useQueryClient();
  const restore = useMutation({
    mutationFn: () => restoreVectorStore(store.id),
    onSuccess: () => toast.success('Restored'),
    onError: (cause) => {
      const error = asApiError(cause);
      toast.error(error.message, { description: error.code });
    },
    onSettled: () => queryClient.invalidateQueries(),
  });
  return (
    <Banner
      tone="warning"
      title="In the trash."
      actions={
        <PermissionButton
          needs="write"
          storeId={store.id}
          size="sm"
          variant="outline"
          disabled={restore.isPending}
          onClick={() => restore.mutate()}
        >
          <RotateCcwIcon />
          Restore
        </PermissionButton>
      }
    >
      {store.purgeAt === null ? '' : `It is deleted for good on ${formatAbsolute(store.purgeAt)}. `}
      Until then it is not served and cannot be changed. Restore it to use it again.
    </Banner>
  );
}
