'use client';

import { Button } from '@espejo/ui/ui/button';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { MutationError } from '#components/states/mutation-error.tsx';
import { useSessionSwitch } from '#lib/access/use-session-switch.ts';
import { setUpOwner } from '#lib/api/session.ts';
import { EmailField } from './email-field.tsx';
import { EntryCard } from './entry-card.tsx';
import { NameField } from './name-field.tsx';
import { PasswordField } from './password-field.tsx';

/** The first visit: creates the owner account, or continues without accounts where this machine is trusted. */
export function SetupScreen({ onSkip }: { onSkip: () => void }) {
  const enter = useSessionSwitch();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const create = useMutation({
    mutationFn: () => setUpOwner({ name: name.trim(), email: email.trim(), password }),
    onSuccess: (session) => enter(session),
  });
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (!create.isPending) create.mutate();
  }
  return (
    <EntryCard
      title="Create the owner account"
      about="From then on every user signs in, also on this machine. You invite the others. API keys keep working."
      footer={
        <>
          <Button type="button" variant="link" onClick={onSkip} className="text-ui text-foreground h-8 underline">
            Use without accounts on this machine
          </Button>
          <p className="text-muted-foreground text-xs">
            Every user who can open this page is then an owner. You can create the account later, in Settings.
          </p>
        </>
      }
    >
      <form onSubmit={onSubmit} className="grid gap-4">
        <NameField value={name} onValueChange={setName} />
        <EmailField value={email} onValueChange={setEmail} />
        <PasswordField kind="new" value={password} onValueChange={setPassword} />
        <MutationError error={create.error} title="Not created." />
        <Button type="submit" disabled={create.isPending}>
          {create.isPending ? 'Creating…' : 'Create the owner account'}
        </Button>
      </form>
    </EntryCard>
  );
}
