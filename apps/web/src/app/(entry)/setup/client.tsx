'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { SetupScreen } from '#components/account/setup-screen.tsx';
import { continueWithoutAccounts } from '#lib/access/without-accounts.ts';
import { sessionQuery } from '#lib/api/session.ts';

/** The setup screen again, for a user who skipped it and now wants accounts. */
export function SetupClient() {
  const router = useRouter();
  const session = useQuery(sessionQuery);
  const isSetup = session.data?.state === 'setup';
  const isDone = !session.isPending && !isSetup;

  useEffect(() => {
    if (isDone) router.replace('/stores');
  }, [isDone, router]);

  if (!isSetup) return null;
  return (
    <SetupScreen
      onSkip={() => {
        continueWithoutAccounts();
        router.push('/stores');
      }}
    />
  );
}
