'use client';

import type { CurrentSession } from '@espejo/contracts';
import { Banner } from '@espejo/ui/blocks/banner';
import { Button } from '@espejo/ui/ui/button';
import { useState } from 'react';
import { ApiKeyScreen } from './api-key-screen.tsx';
import { EntryCard } from './entry-card.tsx';
import { SignInForm } from './sign-in-form.tsx';

interface SignInScreenProps {
  readonly signIn: CurrentSession['signIn'];
  /** The error code of a failed sign-in at the issuer. */
  readonly fault?: string | null;
  readonly onSignedIn: (session: CurrentSession) => void;
}

/** Shown instead of the console without a session. After the sign-in the requested page opens. */
export function SignInScreen({ signIn, fault = null, onSignedIn }: SignInScreenProps) {
  const [isByKey, setIsByKey] = useState(false);
  if (isByKey) return <ApiKeyScreen onBack={() => setIsByKey(false)} />;
  return (
    <EntryCard
      title="Sign in to Espejo"
      about="To get an account, ask an owner for an invitation."
      footer={
        <Button
          type="button"
          variant="link"
          onClick={() => setIsByKey(true)}
          className="text-ui text-muted-foreground h-8"
        >
          Use an API key instead
        </Button>
      }
    >
      {fault === null ? null : (
        <Banner tone="danger" title="Not signed in." role="alert">
          {FAULTS[fault] ?? `The sign-in service reported an error (${fault}).`}
        </Banner>
      )}
      <SignInForm oidc={signIn.oidc} onSignedIn={onSignedIn} />
    </EntryCard>
  );
}

const FAULTS: Readonly<Record<string, string>> = {
  not_invited: 'The sign-in service knows you, and nobody here has invited you yet. Ask an owner for an invitation.',
  oidc_unavailable: 'The sign-in service does not answer correctly. Try again, or use your password.',
  oidc_refused: 'The sign-in service did not accept the sign-in. Try again, or use your password.',
  oidc_state_invalid: 'This browser did not start that sign-in, or it took longer than ten minutes. Try again.',
  oidc_token_invalid:
    'The answer of the sign-in service is not valid. Try again; if it happens again, ask an operator.',
  oidc_email_unverified: 'The sign-in service has not verified your e-mail address. Verify it there, then try again.',
  oidc_email_invalid: 'The sign-in service sent an e-mail address that is not valid here.',
  account_of_another:
    'The account of this address is linked to another user of the sign-in service. Ask an operator to reset it.',
};
