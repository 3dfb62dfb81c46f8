'use client';

import { Button } from '@espejo/ui/ui/button';
import { signOut } from '#lib/api/session.ts';
import { EntryCard } from './entry-card.tsx';

/** Somebody who is signed in and in no tenant: removed from the last one, or never let into any. */
export function NoTenantScreen({ email }: { email: string }) {
  return (
    <EntryCard
      title="You are in no tenant here"
      about={
        <>
          You are signed in as <bdi className="text-foreground font-medium">{email}</bdi>. Ask an owner for an
          invitation and open its link.
        </>
      }
    >
      <Button variant="outline" onClick={() => void signOut()}>
        Sign out
      </Button>
    </EntryCard>
  );
}
