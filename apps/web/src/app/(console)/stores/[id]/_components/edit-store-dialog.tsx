'use client';

import { LIMITS, UpdateVectorStoreBody, type VectorStoreDetail } from '@espejo/contracts';
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
import { type FormEvent, useState } from 'react';
import { MutationError } from '#components/states/mutation-error.tsx';
import { draftOf, toUpdateBody } from '../edit-draft.ts';
import { MetadataEditor } from './metadata-editor.tsx';
import { useUpdateStore } from './use-update-store.ts';

/** Edits a primary store. Sends only changed fields, so that two users' edits of different fields are both kept. */
export function EditStoreDialog({ store, onClose }: { store: VectorStoreDetail; onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(store));
  const [problem, setProblem] = useState<{ path: string; message: string } | null>(null);
  const update = useUpdateStore(store.id, onClose);
  const set = (change: Partial<typeof draft>) => setDraft((current) => ({ ...current, ...change }));
  const errorOf = (path: string) => (problem?.path === path ? problem.message : null);

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    const body = toUpdateBody(draftOf(store), draft);
    const checked = UpdateVectorStoreBody.safeParse(body);
    if (!checked.success) {
      const issue = checked.error.issues[0];
      setProblem({ path: String(issue?.path[0] ?? ''), message: issue?.message ?? 'Not valid' });
      return;
    }
    setProblem(null);
    if (Object.keys(body).length === 0) onClose();
    else update.mutate(checked.data);
  }

  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent className="max-h-[calc(100dvh-2rem)] overflow-y-auto">
        <form onSubmit={onSubmit} className="grid gap-4">
          <DialogHeader>
            <DialogTitle>Edit vector store</DialogTitle>
            <DialogDescription>Changes to a primary store apply immediately.</DialogDescription>
          </DialogHeader>
          <Field label="Name" error={errorOf('name')}>
            {(control) => (
              <Input
                {...control}
                value={draft.name}
                maxLength={LIMITS.nameMax}
                placeholder="Unnamed"
                onChange={(event) => set({ name: event.target.value })}
              />
            )}
          </Field>
          <Field label="Description" isOptional error={errorOf('description')}>
            {(control) => (
              <Textarea
                {...control}
                value={draft.description}
                maxLength={LIMITS.descriptionMax}
                onChange={(event) => set({ description: event.target.value })}
              />
            )}
          </Field>
          <MetadataEditor
            pairs={draft.metadata}
            error={errorOf('metadata')}
            onPairsChange={(metadata) => set({ metadata })}
          />
          <MutationError error={update.error} title="Not saved." />
          <DialogFooter>
            <Button type="button" variant="outline" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={update.isPending}>
              {update.isPending ? 'Saving…' : 'Save'}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
