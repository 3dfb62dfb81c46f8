'use client';

import type { CurrentSession } from '@espejo/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { Fragment, type ReactNode, useEffect, useState } from 'react';
import { ApiKeyScreen } from '#components/account/api-key-screen.tsx';
import { NoTenantScreen } from '#components/account/no-tenant-screen.tsx';
import { SetupScreen } from '#components/account/setup-screen.tsx';
import { SignInAgain } from '#components/account/sign-in-again.tsx';
import { SignInScreen } from '#components/account/sign-in-screen.tsx';
import { ErrorState } from '#components/states/error-state.tsx';
import { takeReturnTo } from '#lib/access/return-to.ts';
import { SessionProvider } from '#lib/access/session-context.tsx';
import { useSessionSwitch } from '#lib/access/use-session-switch.ts';
import { continueWithoutAccounts, useWithoutAccounts } from '#lib/access/without-accounts.ts';
import { forgetKey } from '#lib/api/console-key.ts';
import { sessionQuery } from '#lib/api/session.ts';

/**
 * Shows the console to an authenticated user or key, and the sign-in screen to everyone else at the requested URL.
 * When a session ends during work, the sign-in dialog opens over the console, which keeps its state.
 */
export function Gate({ children }: { children: ReactNode }) {
  const session = useQuery(sessionQuery);
  const isWithoutAccounts = useWithoutAccounts();
  const enter = useSessionSwitch();
  const [inside, setInside] = useState<CurrentSession | null>(null);
  const now = session.data;

  if (now === undefined) {
    if (!session.isError) return <LoadingSession />;
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
  const isIn = now.role !== null;
  if (isIn && inside !== now) setInside(now);
  if (!isIn && now.user !== null) return <NoTenantScreen email={now.user.email} session={now} />;
  if (!isIn && inside?.state !== 'signed_in') {
    if (!now.hasAccounts) return <ApiKeyPrompt />;
    return <SignInScreen signIn={now.signIn} onSignedIn={enter} />;
  }
  if (now.state === 'setup' && !isWithoutAccounts) return <SetupScreen onSkip={continueWithoutAccounts} />;
  const known = isIn ? now : inside;
  if (known === null) return <LoadingSession />;
  return (
    <SessionProvider session={known}>
      <ReturnToPlace />
      {/* A different user or tenant remounts the page, so no state is carried over. */}
      <Fragment key={`${known.user?.id}:${known.tenant?.id}`}>{children}</Fragment>
      {isIn ? null : <SignInAgain before={known} oidc={now.signIn.oidc} />}
    </SessionProvider>
  );
}

/** Asks for an API key. Deletes a rejected key first: without it, this machine may be trusted. */
function ApiKeyPrompt() {
  const queryClient = useQueryClient();
  useEffect(() => {
    void forgetKey().then(() => queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey }));
  }, [queryClient]);
  return <ApiKeyScreen />;
}

/** An empty page while the session loads, so that nothing flashes up. */
function LoadingSession() {
  return <div role="status" aria-label="Loading session" className="bg-background h-dvh" />;
}

/** Returns to the page that was open before the redirect to the sign-in service. */
function ReturnToPlace() {
  const router = useRouter();
  useEffect(() => {
    const place = takeReturnTo();
    if (place !== null) router.replace(place);
  }, [router]);
  return null;
}
