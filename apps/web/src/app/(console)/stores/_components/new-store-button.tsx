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
import { MutationError } from '#components/states/mutation-error.tsx';
import { createVectorStore } from '#lib/api/vector-stores.ts';

/** Makes a primary store: ours, editable, with a trash. */
export function NewStoreButton() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button size="sm" variant="outline" onClick={() => setIsOpen(true)}>
        <PlusIcon />
        New store
      </Button>
      {isOpen ? <NewStoreDialog onClose={() => setIsOpen(false)} /> : null}
    </>
  );
}

function NewStoreDialog({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const create = useMutation({
    mutationFn: () => createVectorStore({ name: name.trim() || null, description: description.trim() || null }),
    onSuccess: async (store) => {
      await queryClient.invalidateQueries();
      onClose();
      router.push(`/stores/${encodeURIComponent(store.id)}`);
    },
  });
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    create.mutate();
  }
  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent>
        <form onSubmit={onSubmit} className="grid gap-4">
          <DialogHeader>
            <DialogTitle>New primary store</DialogTitle>
            <DialogDescription>
              It lives in Espejo, not at OpenAI: you edit it, expire it and restore it here.
            </DialogDescription>
          </DialogHeader>
          <Field label="Name" isOptional>
            {(control) => (
              <Input
                {...control}
                value={name}
                maxLength={LIMITS.nameMax}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field label="Description" isOptional>
            {(control) => (
              <Textarea
                {...control}
                value={description}
                maxLength={LIMITS.descriptionMax}
                onChange={(event) => setDescription(event.target.value)}
              />
            )}
          </Field>
          <MutationError error={create.error} title="Not created." />
          <DialogFooter>
            <Button type="button" variant="outline" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={create.isPending}>
              {create.isPending ? 'Creating…' : 'Create store'}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
