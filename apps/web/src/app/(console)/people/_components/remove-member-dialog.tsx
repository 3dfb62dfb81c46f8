'use client';

import type { Member } from '@espejo/contracts';
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
import { removeMember } from '#lib/api/people.ts';

/** Says what removing a member does; removing an owner requires the address to be typed. */
export function RemoveMemberDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const queryClient = useQueryClient();
  const [typed, setTyped] = useState('');
  const { user, role, isYou } = member;
  const isConfirmed = role !== 'owner' || typed.trim().toLowerCase() === user.email;
  const remove = useMutation({
    mutationFn: () => removeMember(member.id),
    onSuccess: async () => {
      if (isYou) return window.location.assign('/stores');
      toast.success(`${user.name} was removed`);
      onClose();
      await queryClient.invalidateQueries({ queryKey: ['people'] });
    },
  });
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (isConfirmed && !remove.isPending) remove.mutate();
  }
  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent>
        <form onSubmit={onSubmit} className="grid gap-4">
          <DialogHeader>
            <DialogTitle>{isYou ? 'Leave this tenant?' : `Remove ${user.name}?`}</DialogTitle>
            <DialogDescription>
              {isYou
                ? 'Your sessions here end immediately. To return, you need a new invitation.'
                : 'Their sessions here end immediately. API keys they created keep working until you revoke them in Settings.'}
            </DialogDescription>
          </DialogHeader>
          {role === 'owner' ? (
            <Field label={`Type “${user.email}” to confirm`} description="You are about to remove an owner.">
              {(control) => (
                <Input
                  {...control}
                  value={typed}
                  autoComplete="off"
                  autoCapitalize="none"
                  spellCheck={false}
                  onChange={(event) => setTyped(event.target.value)}
                />
              )}
            </Field>
          ) : null}
          <MutationError error={remove.error} title="Not removed." />
          <DialogFooter>
            <Button type="button" variant="outline" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" variant="destructive" disabled={!isConfirmed || remove.isPending}>
              {remove.isPending ? 'Removing…' : isYou ? 'Leave' : 'Remove'}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
