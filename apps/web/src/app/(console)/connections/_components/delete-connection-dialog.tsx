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

/** Says what deleting a connection takes with it and what it leaves alone, and wants its name typed. */
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
            <DialogDescription>Espejo forgets what it mirrored. OpenAI is not touched.</DialogDescription>
          </DialogHeader>
          <ul className="list-disc space-y-1 pl-5 text-pretty">
            <li>
              {plural(connection.storeCount, 'mirrored vector store')} and {plural(connection.fileCount, 'file')}{' '}
              disappear from this console, with the history of their changes and syncs.
            </li>
            <li>A sync of it that is running is stopped; its schedule ends.</li>
            <li>In the OpenAI project nothing changes. Connect it again, and it is mirrored anew.</li>
            {connection.origin === 'built_in' ? <li>The sample data of the sandbox goes with it.</li> : null}
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
