'use client';

import { Button } from '@espejo/ui/ui/button';
import { type FormEvent, type ReactNode, useState } from 'react';
import { EmailField } from '#components/account/email-field.tsx';
import { NameField } from '#components/account/name-field.tsx';
import { PasswordField } from '#components/account/password-field.tsx';

interface NewAccountFormProps {
  readonly email: string;
  readonly isPending: boolean;
  readonly error: ReactNode;
  readonly onSubmit: (account: { readonly name: string; readonly password: string }) => void;
}

/** Creates the account of an invited user; the address is that of the invitation. */
export function NewAccountForm({ email, isPending, error, onSubmit }: NewAccountFormProps) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!isPending) onSubmit({ name: name.trim(), password });
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <NameField value={name} onValueChange={setName} />
      {/* Read-only, but present: a password manager saves it with the password. */}
      <div className="sr-only">
        <EmailField value={email} onValueChange={() => {}} isFixed />
      </div>
      <PasswordField kind="new" value={password} onValueChange={setPassword} />
      {error}
      <Button type="submit" disabled={isPending}>
        {isPending ? 'Joining…' : 'Create account and join'}
      </Button>
    </form>
  );
}
