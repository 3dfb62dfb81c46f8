'use client';

import { LIMITS, type VectorStoreDetail } from '@espejo/contracts';
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
import { type FormEvent, useState } from 'react';
import { MutationError } from '#components/states/mutation-error.tsx';
import { useUpdateStore } from './use-update-store.ts';

/** Renames a store. */
export function RenameStoreDialog({ store, onClose }: { store: VectorStoreDetail; onClose: () => void }) {
  const [name, setName] = useState(store.name ?? '');
  const update = useUpdateStore(store.id, onClose);

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    update.mutate({ name: name.trim() === '' ? null : name.trim() });
  }

  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent>
        <form onSubmit={onSubmit} className="grid gap-4">
          <DialogHeader>
            <DialogTitle>Rename vector store</DialogTitle>
            <DialogDescription>Clients find the store by its id, which does not change.</DialogDescription>
          </DialogHeader>
          <Field label="Name" description="Leave it empty for a store without a name.">
            {(control) => (
              <Input
                {...control}
                value={name}
                maxLength={LIMITS.nameMax}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <MutationError error={update.error} title="Not renamed." />
          <DialogFooter>
            <Button type="button" variant="outline" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={update.isPending}>
              {update.isPending ? 'Renaming…' : 'Rename'}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
