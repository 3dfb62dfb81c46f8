'use client';

import type { CreatedInvitation, Role } from '@espejo/contracts';
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
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { EmailField } from '#components/account/email-field.tsx';
import { RoleSelect } from '#components/role-select.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { createInvitation, invitationsQuery } from '#lib/api/people.ts';

interface InviteDialogProps {
  readonly onClose: () => void;
  readonly onCreated: (invitation: CreatedInvitation) => void;
}

/** The address and the role of a new member. */
export function InviteDialog({ onClose, onCreated }: InviteDialogProps) {
  const queryClient = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const invite = useMutation({
    mutationFn: () => createInvitation({ email: email.trim(), role }),
    onSuccess: onCreated,
    onSettled: () => queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
  });
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (!invite.isPending) invite.mutate();
  }
  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent>
        <form onSubmit={onSubmit} className="grid min-w-0 grid-cols-1 gap-4">
          <DialogHeader>
            <DialogTitle>Invite member</DialogTitle>
            <DialogDescription>
              You get a link to send to them; Espejo sends no mail. It replaces an earlier invitation to the same
              address.
            </DialogDescription>
          </DialogHeader>
          <EmailField value={email} onValueChange={setEmail} autoComplete="off" />
          <Field label="Role" description="It can be changed at any time.">
            {(control) => <RoleSelect control={control} value={role} onValueChange={setRole} />}
          </Field>
          <MutationError error={invite.error} title="Not invited." />
          <DialogFooter>
            <Button type="button" variant="outline" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={email.trim() === '' || invite.isPending}>
              {invite.isPending ? 'Inviting…' : 'Create link'}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
