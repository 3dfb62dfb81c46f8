'use client';

import { type CreatedTenant, LIMITS } from '@espejo/contracts';
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
import { EmailField } from '#components/account/email-field.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { createTenant } from '#lib/api/people.ts';

interface NewTenantDialogProps {
  readonly onClose: () => void;
  readonly onCreated: (tenant: CreatedTenant) => void;
}

/** Creates a tenant and the invitation of its first owner. */
export function NewTenantDialog({ onClose, onCreated }: NewTenantDialogProps) {
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [ownerEmail, setOwnerEmail] = useState('');
  const create = useMutation({
    mutationFn: () => createTenant({ name: name.trim(), ownerEmail: ownerEmail.trim() }),
    onSuccess: onCreated,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['tenants'] }),
  });
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (!create.isPending) create.mutate();
  }
  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent>
        <form onSubmit={onSubmit} className="grid min-w-0 gap-4">
          <DialogHeader>
            <DialogTitle>New tenant</DialogTitle>
            <DialogDescription>
              A new tenant is empty. You send a link to its first owner, who invites the other members.
            </DialogDescription>
          </DialogHeader>
          <Field label="Tenant name">
            {(control) => (
              <Input
                {...control}
                required
                maxLength={LIMITS.personNameMax}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <EmailField label="Owner’s e-mail" value={ownerEmail} onValueChange={setOwnerEmail} autoComplete="off" />
          <MutationError error={create.error} title="Not created." />
          <DialogFooter>
            <Button type="button" variant="outline" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={name.trim() === '' || ownerEmail.trim() === '' || create.isPending}>
              {create.isPending ? 'Creating…' : 'Create tenant and link'}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
