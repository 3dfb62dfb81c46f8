'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { ApiKeyScreen } from '#components/account/api-key-screen.tsx';
import { SignInScreen } from '#components/account/sign-in-screen.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { useSessionSwitch } from '#lib/access/use-session-switch.ts';
import { sessionQuery } from '#lib/api/session.ts';

/** Signs in, then redirects; a user who is already signed in is redirected immediately. */
export function SignInClient({ to, fault }: { to: string; fault: string | null }) {
  const router = useRouter();
  const enter = useSessionSwitch();
  const session = useQuery(sessionQuery);
  const isOut = session.data?.state === 'signed_out';
  const isIn = session.data !== undefined && !isOut;

  useEffect(() => {
    if (isIn) router.replace(to);
  }, [isIn, router, to]);

  if (session.isError && session.data === undefined) {
    return (
      <main id="main">
        <ErrorState
          isPageTitle
          title="Espejo is not reachable"
          error={session.error}
          onRetry={() => void session.refetch()}
        />
      </main>
    );
  }
  if (session.data === undefined || isIn) return null;
  if (!session.data.hasAccounts) return <ApiKeyScreen />;
  return <SignInScreen signIn={session.data.signIn} fault={fault} onSignedIn={enter} />;
}
