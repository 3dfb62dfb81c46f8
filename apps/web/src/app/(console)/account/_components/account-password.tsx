'use client';

import { Button } from '@espejo/ui/ui/button';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { PasswordField } from '#components/account/password-field.tsx';
import { Section } from '#components/section.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { accountSessionsQuery, changePassword } from '#lib/api/account.ts';
import { asApiError } from '#lib/api/client.ts';

/** Changes the password and ends every other session of the user. */
export function AccountPassword() {
  const queryClient = useQueryClient();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useMutation({
    mutationFn: () => changePassword(current, next),
    onSuccess: async () => {
      setCurrent('');
      setNext('');
      toast.success('Password changed', { description: 'All your other sessions have ended.' });
      await queryClient.invalidateQueries({ queryKey: accountSessionsQuery.queryKey });
    },
  });
  const isWrong = change.isError && asApiError(change.error).code === 'credentials_invalid';
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (!change.isPending) change.mutate();
  }
  return (
    <Section title="Password" about="Changing it ends all your other sessions.">
      <form onSubmit={onSubmit} className="grid max-w-sm gap-3">
        <PasswordField
          kind="current"
          label="Current password"
          value={current}
          onValueChange={setCurrent}
          error={isWrong ? 'This is not your current password.' : null}
        />
        <PasswordField kind="new" label="New password" value={next} onValueChange={setNext} />
        {isWrong ? null : <MutationError error={change.error} title="Not changed." />}
        <Button
          type="submit"
          variant="outline"
          size="sm"
          className="w-fit"
          disabled={change.isPending || current === '' || next === ''}
        >
          {change.isPending ? 'Changing…' : 'Change password'}
        </Button>
      </form>
    </Section>
  );
}
