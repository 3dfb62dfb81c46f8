'use client';

import type { Connection } from '@espejo/contracts';
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
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { MutationError } from '#components/states/mutation-error.tsx';
import { deleteConnection } from '#lib/api/connections.ts';
import { plural } from '#lib/format/count.ts';

/** Says what deleting a connection removes and what it keeps, and requires its name to be typed. */
export function DeleteConnectionDialog({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const queryClient = useQueryClient();
  const [typed, setTyped] = useState('');
  const isConfirmed = typed.trim() === connection.name;
  const remove = useMutation({
    mutationFn: () => deleteConnection(connection.id),
    onSuccess: async () => {
      toast.success(`Connection “${connection.name}” deleted`);
      onClose();
      await queryClient.invalidateQueries();
    },
  });

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (isConfirmed) remove.mutate();
  }

  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent>
        <form onSubmit={onSubmit} className="grid gap-4">
          <DialogHeader>
            <DialogTitle>Delete connection “{connection.name}”?</DialogTitle>
            <DialogDescription>The mirrored data is removed here. Nothing changes at OpenAI.</DialogDescription>
          </DialogHeader>
          <ul className="list-disc space-y-1 pl-5 text-pretty">
            <li>
              {plural(connection.storeCount, 'mirrored vector store')} and {plural(connection.fileCount, 'file')} are
              removed from this console, with the history of their changes and syncs.
            </li>
            <li>A running sync of it is stopped, and its schedule is removed.</li>
            <li>Nothing changes in the OpenAI project. If you connect it again, it is mirrored again.</li>
            {connection.origin === 'built_in' ? <li>The sample data of the sandbox is deleted too.</li> : null}
          </ul>
          <Field label={`Type “${connection.name}” to confirm`}>
            {(control) => (
              <Input
                {...control}
                value={typed}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
          <MutationError error={remove.error} title="Not deleted." />
          <DialogFooter>
            <Button type="button" variant="outline" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" variant="destructive" disabled={!isConfirmed || remove.isPending}>
              {remove.isPending ? 'Deleting…' : 'Delete connection'}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
