'use client';

import type { StoreFile } from '@espejo/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCcwIcon, Trash2Icon, UnlinkIcon } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { DeletionDialog } from '#components/deletion/deletion-dialog.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { detachFile, retryFiles } from '#lib/api/primary-stores.ts';
import { AttributeEditor } from './attribute-editor.tsx';
import { ChunkViewer } from './chunk-viewer.tsx';

/** The actions on a file in a primary store. */
export function OwnFileSection({ storeId, file, onGone }: { storeId: string; file: StoreFile; onGone: () => void }) {
  const queryClient = useQueryClient();
  const [isDeleting, setIsDeleting] = useState(false);
  const refresh = () => void queryClient.invalidateQueries({ queryKey: ['vector-stores'] });
  const retry = useMutation({
    mutationFn: () => retryFiles(storeId, [file.id]),
    onSuccess: () => {
      refresh();
      onGone();
      toast.success('The file is being ingested again');
    },
  });
  const detach = useMutation({
    mutationFn: () => detachFile(storeId, file.id),
    onSuccess: () => {
      refresh();
      onGone();
      toast.success('Detached from this store; the file is kept');
    },
  });
  const canRetry = file.status === 'failed' || file.status === 'cancelled';
  const edits = { needs: 'write', storeId } as const;
  return (
    <>
      <div className="flex flex-wrap gap-2">
        {canRetry ? (
          <PermissionButton
            {...edits}
            variant="outline"
            size="sm"
            disabled={retry.isPending}
            onClick={() => retry.mutate()}
          >
            <RotateCcwIcon />
            Try again
          </PermissionButton>
        ) : null}
        <PermissionButton
          {...edits}
          variant="outline"
          size="sm"
          disabled={detach.isPending}
          onClick={() => detach.mutate()}
        >
          <UnlinkIcon />
          Detach from this store
        </PermissionButton>
        <PermissionButton needs="delete" variant="outline" size="sm" onClick={() => setIsDeleting(true)}>
          <Trash2Icon />
          Delete file…
        </PermissionButton>
      </div>
      <MutationError error={retry.error ?? detach.error} title="The action failed." />
      <AttributeEditor storeId={storeId} file={file} />
      {file.status === 'completed' ? <ChunkViewer storeId={storeId} fileId={file.id} /> : null}
      {isDeleting ? (
        <DeletionDialog
          request={{ fileIds: [file.id], attachments: [{ storeId, fileId: file.id }] }}
          onClose={() => setIsDeleting(false)}
        />
      ) : null}
    </>
  );
}
