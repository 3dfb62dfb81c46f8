'use client';

import type { CurrentSession } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { Button } from '@espejo/ui/ui/button';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { MutationError } from '#components/states/mutation-error.tsx';
import { asApiError } from '#lib/api/client.ts';
import { signIn } from '#lib/api/session.ts';
import { useCountdown } from '#lib/hooks/use-countdown.ts';
import { EmailField } from './email-field.tsx';
import { OidcButton } from './oidc-button.tsx';
import { PasswordField } from './password-field.tsx';

interface SignInFormProps {
  readonly oidc: CurrentSession['signIn']['oidc'];
  /** The required account; null: any. */
  readonly email?: string | null;
  readonly action?: string;
  readonly onSignedIn: (session: CurrentSession) => void;
}

/** Sign-in by e-mail and password, or by the configured issuer. */
export function SignInForm({ oidc, email: fixedEmail = null, action = 'Sign in', onSignedIn }: SignInFormProps) {
  const [email, setEmail] = useState(fixedEmail ?? '');
  const [password, setPassword] = useState('');
  const attempt = useMutation({
    mutationFn: () => signIn({ email: email.trim(), password }),
    onSuccess: onSignedIn,
  });
  const error = attempt.isError ? asApiError(attempt.error) : null;
  const waitS = useCountdown(
    error?.code === 'sign_in_throttled' ? Number(error.details?.retryAfterS ?? 1) : 0,
    attempt.failureReason,
  );
  const isWrong = error?.code === 'credentials_invalid';

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (!attempt.isPending && waitS === 0) attempt.mutate();
  }

  return (
    <div className="grid gap-4">
      <form onSubmit={onSubmit} className="grid gap-4">
        <EmailField value={email} onValueChange={setEmail} isFixed={fixedEmail !== null} />
        <PasswordField
          kind="current"
          value={password}
          onValueChange={setPassword}
          error={isWrong ? error.message : null}
        />
        {error?.code === 'sign_in_throttled' ? (
          <Banner tone="warning" title="Too many attempts." role="alert">
            {waitS > 0
              ? 'Wait, then try again. A browser that signed in before does not have to wait.'
              : 'You can try again now.'}
          </Banner>
        ) : isWrong ? null : (
          <MutationError error={attempt.error} title="Not signed in." />
        )}
        <Button type="submit" disabled={attempt.isPending || waitS > 0 || email.trim() === '' || password === ''}>
          {attempt.isPending ? 'Signing in…' : waitS > 0 ? `Try again in ${waitS} s` : action}
        </Button>
      </form>
      {oidc === null ? null : <OidcButton oidc={oidc} />}
    </div>
  );
}
