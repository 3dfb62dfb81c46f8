'use client';

import { LIMITS } from '@espejo/contracts';
import { Field } from '@espejo/ui/blocks/field';
import { Button } from '@espejo/ui/ui/button';
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@espejo/ui/ui/dialog';
import { Input } from '@espejo/ui/ui/input';
import { Textarea } from '@espejo/ui/ui/textarea';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { PlusIcon } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { createVectorStore } from '#lib/api/vector-stores.ts';
import { ExpiryFields } from '../[id]/_components/expiry-fields.tsx';
import { MetadataEditor } from '../[id]/_components/metadata-editor.tsx';
import { type StoreDraft, toUpdateBody } from '../[id]/edit-draft.ts';
import { type ExpiryDraft, expiryDraftOf, toPolicy } from '../[id]/expiry-draft.ts';

const EMPTY_DRAFT: StoreDraft = { name: '', description: '', metadata: [] };

/** Creates a primary store. */
export function NewStoreButton() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <PermissionButton needs="write" size="sm" variant="outline" onClick={() => setIsOpen(true)}>
        <PlusIcon />
        New store
      </PermissionButton>
      {isOpen ? <NewStoreDialog onClose={() => setIsOpen(false)} /> : null}
    </>
  );
}

function NewStoreDialog({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<StoreDraft>(EMPTY_DRAFT);
  const [expiry, setExpiry] = useState<ExpiryDraft>(() => expiryDraftOf(null));
  const set = (change: Partial<StoreDraft>) => setDraft((before) => ({ ...before, ...change }));
  const expiryPolicy = toPolicy(expiry);
  const create = useMutation({
    mutationFn: () => createVectorStore({ ...toUpdateBody(EMPTY_DRAFT, draft), expiryPolicy }),
    onSuccess: async (store) => {
      await queryClient.invalidateQueries();
      onClose();
      router.push(`/stores/${encodeURIComponent(store.id)}`);
    },
  });
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (expiryPolicy !== null) create.mutate();
  }
  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent className="max-h-[calc(100dvh-2rem)] overflow-y-auto">
        <form onSubmit={onSubmit} className="grid gap-4">
          <DialogHeader>
            <DialogTitle>New primary store</DialogTitle>
            <DialogDescription>
              It is stored in Espejo, not at OpenAI. You edit, expire and restore it here.
            </DialogDescription>
          </DialogHeader>
          <Field label="Name" isOptional>
            {(control) => (
              <Input
                {...control}
                value={draft.name}
                maxLength={LIMITS.nameMax}
                onChange={(event) => set({ name: event.target.value })}
              />
            )}
          </Field>
          <Field label="Description" isOptional>
            {(control) => (
              <Textarea
                {...control}
                value={draft.description}
                maxLength={LIMITS.descriptionMax}
                onChange={(event) => set({ description: event.target.value })}
              />
            )}
          </Field>
          <ExpiryFields draft={expiry} onChange={(change) => setExpiry((before) => ({ ...before, ...change }))} />
          <MetadataEditor pairs={draft.metadata} error={null} onPairsChange={(metadata) => set({ metadata })} />
          <MutationError error={create.error} title="Not created." />
          <DialogFooter>
            <Button type="button" variant="outline" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={expiryPolicy === null || create.isPending}>
              {create.isPending ? 'Creating…' : 'Create store'}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
