'use client';

import type { CurrentSession } from '@espejo/contracts';
import { Button } from '@espejo/ui/ui/button';
import { signOut } from '#lib/api/session.ts';
import { EntryCard } from './entry-card.tsx';
import { OwnInvitations } from './own-invitations.tsx';
import { OwnTenants } from './own-tenants.tsx';

/** Somebody who is signed in and works in no tenant: they choose where, if they are asked to or are in any. */
export function NoTenantScreen({ email, session }: { email: string; session: CurrentSession }) {
  const { invitations, tenants } = session;
  const who = <bdi className="text-foreground font-medium break-all">{email}</bdi>;
  const [title, about] =
    tenants.length > 0
      ? (['Choose where to work', <>You are signed in as {who}.</>] as const)
      : invitations.length > 0
        ? (['You are invited', <>You are signed in as {who}. Nothing is shared until you join.</>] as const)
        : ([
            'You are not a member of any tenant',
            <>You are signed in as {who}. Ask an owner for an invitation and open its link.</>,
          ] as const);
  return (
    <EntryCard title={title} about={about}>
      {tenants.length > 0 ? <OwnTenants tenants={tenants} /> : null}
      {invitations.length > 0 ? <OwnInvitations invitations={invitations} /> : null}
      <Button variant="outline" onClick={() => void signOut()}>
        Sign out
      </Button>
    </EntryCard>
  );
}
