'use client';

import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { Button } from '@espejo/ui/ui/button';
import { KeyRoundIcon, LaptopIcon } from 'lucide-react';
import Link from 'next/link';
import { useSession } from '#lib/access/session-context.tsx';
import { AccountInvitations } from './_components/account-invitations.tsx';
import { AccountName } from './_components/account-name.tsx';
import { AccountPassword } from './_components/account-password.tsx';
import { AccountSessions } from './_components/account-sessions.tsx';

/** The settings of the user's own account. */
export function AccountClient() {
  const { user, state, actor, invitations } = useSession();
  if (user === null) {
    return (
      <EmptyState
        icon={state === 'setup' ? LaptopIcon : KeyRoundIcon}
        title="No account here"
        isPageTitle
        actions={
          state === 'setup' ? (
            <Button asChild variant="outline" size="sm">
              <Link href="/setup">Create the owner account</Link>
            </Button>
          ) : null
        }
      >
        <p>
          {state === 'setup'
            ? 'This machine has no accounts yet: every user of the console is an owner.'
            : `You are signed in with an API key (${actor}), which has no account.`}
        </p>
      </EmptyState>
    );
  }
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-col gap-8 px-4 py-4">
      <PageHeader title="Your account" description={<bdi>{user.email}</bdi>} />
      <AccountInvitations invitations={invitations} />
      <AccountName user={user} />
      <AccountPassword />
      <AccountSessions />
    </div>
  );
}
