'use client';

import type { Connection, VectorStoreDetail } from '@espejo/contracts';
import { Button } from '@espejo/ui/ui/button';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@espejo/ui/ui/dropdown-menu';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  ArrowLeftRightIcon,
  CalendarClockIcon,
  EllipsisIcon,
  ExternalLinkIcon,
  PencilIcon,
  RefreshCwIcon,
  StarIcon,
  TextCursorInputIcon,
  Trash2Icon,
} from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { PermissionButton, PermissionMenuItem } from '#components/access/permission-button.tsx';
import { useIsDefaultStore } from '#components/default-store.tsx';
import { DeletionDialog } from '#components/deletion/deletion-dialog.tsx';
import { TransferDialog } from '#components/transfer/transfer-dialog.tsx';
import { asApiError } from '#lib/api/client.ts';
import { defaultStoreQuery, makeDefaultStore } from '#lib/api/default-store.ts';
import { dashboardHref } from '#lib/format/openai-dashboard.ts';
import { useStartSync } from '#lib/hooks/use-start-sync.ts';
import { EditStoreDialog } from './edit-store-dialog.tsx';
import { ExpiryDialog } from './expiry-dialog.tsx';
import { READ_ONLY_REASON_ID } from './read-only-reason.ts';
import { RenameStoreDialog } from './rename-store-dialog.tsx';

/** The actions on a store. On a mirror, Edit is disabled, says why, and can still be reached by keyboard. */
export function StoreActions({ store, connection }: { store: VectorStoreDetail; connection: Connection | undefined }) {
  const [dialog, setDialog] = useState<'edit' | 'rename' | 'delete' | 'expiry' | 'transfer' | null>(null);
  const startSync = useStartSync();
  const queryClient = useQueryClient();
  const isDefault = useIsDefaultStore(store.id);
  const makeDefault = useMutation({
    mutationFn: () => makeDefaultStore(store.id),
    onSuccess: (after) => {
      queryClient.setQueryData(defaultStoreQuery.queryKey, after);
      toast.success('This is the default store now');
    },
    onError: (error) => {
      const { message, code } = asApiError(error);
      toast.error(message, { description: code });
    },
  });
  const isReadOnly = store.readOnlyReason !== null;
  const openAiHref = dashboardHref(store.id, connection);

  return (
    <>
      <PermissionButton
        needs="write"
        storeId={store.id}
        variant="outline"
        size="sm"
        aria-disabled={isReadOnly}
        {...(isReadOnly ? { 'aria-describedby': READ_ONLY_REASON_ID, 'data-hint': store.readOnlyReason } : {})}
        className="aria-disabled:opacity-50 aria-disabled:hover:bg-background"
        onClick={() => {
          if (!isReadOnly) setDialog('edit');
        }}
      >
        <PencilIcon />
        Edit
      </PermissionButton>
      <DropdownMenu modal={false}>
        <DropdownMenuTrigger asChild>
          <Button variant="outline" size="icon-sm" aria-label="More actions">
            <EllipsisIcon />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <PermissionMenuItem
            needs="write"
            storeId={store.id}
            obstacle={store.readOnlyReason}
            className="text-ui"
            onSelect={() => setDialog('rename')}
          >
            <TextCursorInputIcon />
            Rename…
          </PermissionMenuItem>
          <PermissionMenuItem needs="read" storeId={store.id} className="text-ui" onSelect={() => setDialog('expiry')}>
            <CalendarClockIcon />
            Expiry…
          </PermissionMenuItem>
          <PermissionMenuItem needs="write" className="text-ui" onSelect={() => setDialog('transfer')}>
            <ArrowLeftRightIcon />
            {store.source === 'cache' ? 'Adopt into Espejo…' : 'Publish to OpenAI…'}
          </PermissionMenuItem>
          {store.source === 'primary' && !isDefault ? (
            <PermissionMenuItem needs="write" className="text-ui" onSelect={() => makeDefault.mutate()}>
              <StarIcon />
              Make default
            </PermissionMenuItem>
          ) : null}
          {store.connectionId === null ? null : (
            <PermissionMenuItem
              needs="sync"
              className="text-ui"
              onSelect={() => startSync.mutate({ connectionId: store.connectionId ?? undefined })}
            >
              <RefreshCwIcon />
              Sync its connection now
            </PermissionMenuItem>
          )}
          {openAiHref === null ? null : (
            <DropdownMenuItem asChild className="text-ui">
              <a href={openAiHref} target="_blank" rel="noreferrer">
                <ExternalLinkIcon />
                Open in OpenAI
              </a>
            </DropdownMenuItem>
          )}
          <DropdownMenuSeparator />
          <PermissionMenuItem
            needs="delete"
            variant="destructive"
            className="text-ui"
            onSelect={() => setDialog('delete')}
          >
            <Trash2Icon />
            Delete…
          </PermissionMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      {dialog === 'delete' ? (
        <DeletionDialog request={{ storeIds: [store.id] }} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === 'transfer' ? <TransferDialog store={store} onClose={() => setDialog(null)} /> : null}
      {dialog === 'expiry' ? (
        <ExpiryDialog
          store={store}
          connection={connection}
          onAdopt={() => setDialog('transfer')}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'edit' ? <EditStoreDialog store={store} onClose={() => setDialog(null)} /> : null}
      {dialog === 'rename' ? <RenameStoreDialog store={store} onClose={() => setDialog(null)} /> : null}
    </>
  );
}
