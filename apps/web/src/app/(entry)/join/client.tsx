'use client';

import { Button } from '@espejo/ui/ui/button';
import { Skeleton } from '@espejo/ui/ui/skeleton';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useSyncExternalStore } from 'react';
import { EntryCard } from '#components/account/entry-card.tsx';
import { asApiError } from '#lib/api/client.ts';
import { invitationQuery, sessionQuery } from '#lib/api/session.ts';
import { Invited } from './_components/invited.tsx';

/** Accepts an invitation. Its token is in the fragment of the URL, which is never sent to a server. */
export function JoinClient() {
  const token = useFragment();
  const session = useQuery(sessionQuery);
  const invitation = useQuery({ ...invitationQuery(token ?? ''), enabled: token !== null && token !== '' });

  if (token === null || session.isPending || (token !== '' && invitation.isPending)) {
    return (
      <EntryCard title="Your invitation" about="Loading…">
        <Skeleton className="h-24" />
      </EntryCard>
    );
  }
  if (invitation.data === undefined || session.data === undefined) {
    const cause = invitation.error ?? session.error;
    return (
      <EntryCard
        title="This invitation cannot be used"
        about={
          cause === null ? 'The link is incomplete: open it exactly as you received it.' : asApiError(cause).message
        }
      >
        <Button asChild variant="outline">
          <Link href="/stores">Go to the console</Link>
        </Button>
      </EntryCard>
    );
  }
  return <Invited token={token} invitation={invitation.data} session={session.data} />;
}

/** The fragment of the URL; null during server rendering, where it is not available. */
function useFragment(): string | null {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener('hashchange', listener);
      return () => window.removeEventListener('hashchange', listener);
    },
    () => window.location.hash.slice(1),
    () => null,
  );
}
