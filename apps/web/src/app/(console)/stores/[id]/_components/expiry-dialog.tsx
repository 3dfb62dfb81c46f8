'use client';

import type { Connection, ConvertExpiryBody, VectorStoreDetail } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { Button } from '@espejo/ui/ui/button';
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@espejo/ui/ui/dialog';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { expiryConversionQuery } from '#lib/api/expiry.ts';
import { useDebounced } from '#lib/hooks/use-debounced.ts';
import { type ExpiryDraft, expiryDraftOf, toPolicy } from '../expiry-draft.ts';
import { ConversionTable } from './conversion-table.tsx';
import { ExpiryFields } from './expiry-fields.tsx';
import { MirrorWays } from './mirror-ways.tsx';
import { useUpdateStore } from './use-update-store.ts';

const SETTLE_MS = 250;

interface ExpiryDialogProps {
  readonly store: VectorStoreDetail;
  readonly connection: Connection | undefined;
  readonly onAdopt: () => void;
  readonly onClose: () => void;
}

/**
 * Edits the expiry of a primary store and shows, before it is saved, the policy in every other format with what each
 * conversion loses. For a mirror it shows the policy of upstream and where to change it.
 */
export function ExpiryDialog({ store, connection, onAdopt, onClose }: ExpiryDialogProps) {
  const [draft, setDraft] = useState<ExpiryDraft>(() => expiryDraftOf(store.expiryPolicy));
  const update = useUpdateStore(store.id, onClose);
  const isMirror = store.readOnlyReason !== null;
  const policy = toPolicy(draft);
  const body: ConvertExpiryBody | null =
    policy === null ? null : { policy, createdAt: store.createdAt, lastActiveAt: store.lastActiveAt };
  const settled = useDebounced(body, SETTLE_MS);
  const conversion = useQuery(expiryConversionQuery(settled));
  const set = (change: Partial<ExpiryDraft>) => setDraft((before) => ({ ...before, ...change }));

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (isMirror) onClose();
    else if (policy !== null) update.mutate({ expiryPolicy: policy });
  }

  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent className="max-h-[90dvh] overflow-y-auto sm:max-w-2xl">
        <form onSubmit={onSubmit} className="grid min-w-0 gap-4">
          <DialogHeader>
            <DialogTitle>Expiry</DialogTitle>
            <DialogDescription>{store.expiryText}</DialogDescription>
          </DialogHeader>
          {isMirror ? (
            <Banner
              tone="info"
              title="This store is read-only here."
              role="note"
              className="md:flex-wrap"
              actions={<MirrorWays store={store} connection={connection} onAdopt={onAdopt} />}
            >
              {store.readOnlyReason} Espejo never expires a mirror.
            </Banner>
          ) : (
            <ExpiryFields draft={draft} onChange={set} />
          )}
          {policy === null ? null : conversion.data === undefined ? null : (
            <ConversionTable conversion={conversion.data} />
          )}
          <MutationError error={conversion.error} title="Cannot be converted." />
          <MutationError error={update.error} title="Not saved." />
          <DialogFooter>
            <Button type="button" variant="outline" onClick={onClose}>
              {isMirror ? 'Close' : 'Cancel'}
            </Button>
            {isMirror ? null : (
              <PermissionButton
                needs="write"
                storeId={store.id}
                type="submit"
                disabled={policy === null || update.isPending || conversion.isError}
              >
                {update.isPending ? 'Saving…' : 'Save'}
              </PermissionButton>
            )}
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
