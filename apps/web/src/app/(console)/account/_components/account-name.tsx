'use client';

import type { Person } from '@espejo/contracts';
import { Button } from '@espejo/ui/ui/button';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { NameField } from '#components/account/name-field.tsx';
import { Section } from '#components/section.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { updateAccount } from '#lib/api/account.ts';
import { sessionQuery } from '#lib/api/session.ts';

/** The name that other members see. */
export function AccountName({ user }: { user: Person }) {
  const queryClient = useQueryClient();
  const [name, setName] = useState(user.name);
  const save = useMutation({
    mutationFn: () => updateAccount(name.trim()),
    onSuccess: async () => {
      toast.success('Name saved');
      await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  });
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (!save.isPending) save.mutate();
  }
  return (
    <Section title="Name" about="Others see it in the list of people.">
      <form onSubmit={onSubmit} className="grid max-w-sm gap-3">
        <NameField label="Your name" value={name} onValueChange={setName} />
        <MutationError error={save.error} title="Not saved." />
        <Button
          type="submit"
          variant="outline"
          size="sm"
          className="w-fit"
          disabled={save.isPending || name.trim() === '' || name.trim() === user.name}
        >
          {save.isPending ? 'Saving…' : 'Save name'}
        </Button>
      </form>
    </Section>
  );
}
