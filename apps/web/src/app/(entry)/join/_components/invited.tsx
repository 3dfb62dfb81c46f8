'use client';

import type { AcceptInvitationBody, CurrentSession, InvitationPreview } from '@espejo/contracts';
import { Fact, Facts } from '@espejo/ui/blocks/facts';
import { Button } from '@espejo/ui/ui/button';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { EntryCard } from '#components/account/entry-card.tsx';
import { SignInForm } from '#components/account/sign-in-form.tsx';
import { MutationError } from '#components/states/mutation-error.tsx';
import { Time } from '#components/time.tsx';
import { useSessionSwitch } from '#lib/access/use-session-switch.ts';
import { acceptInvitation, signOut } from '#lib/api/session.ts';
import { ROLE_WORDS } from '#lib/format/roles.ts';
import { NewAccountForm } from './new-account-form.tsx';

interface InvitedProps {
  readonly token: string;
  readonly invitation: InvitationPreview;
  readonly session: CurrentSession;
}

/** An invitation, and the step that accepts it: sign in, create an account, or join. */
export function Invited({ token, invitation, session }: InvitedProps) {
  const { tenant, email, role, invitedBy, expiresAt } = invitation;
  return (
    <EntryCard
      title={`Join ${tenant.name}`}
      about={
        <>
          <bdi>{invitedBy}</bdi> invites you to Espejo.
        </>
      }
    >
      <Facts className="sm:grid-cols-[5rem_minmax(0,1fr)]">
        <Fact label="For">
          <bdi className="break-all">{email}</bdi>
        </Fact>
        <Fact label="As">
          {ROLE_WORDS[role].name}: {ROLE_WORDS[role].about}
        </Fact>
        <Fact label="Ends">
          <Time at={expiresAt} />
        </Fact>
      </Facts>
      <Acceptance token={token} invitation={invitation} session={session} />
    </EntryCard>
  );
}

function Acceptance({ token, invitation, session }: InvitedProps) {
  const router = useRouter();
  const enter = useSessionSwitch();
  const accept = useMutation({
    mutationFn: (account: Omit<AcceptInvitationBody, 'token'>) => acceptInvitation({ token, ...account }),
    onSuccess: (after) => {
      enter(after);
      router.replace('/stores');
    },
  });
  const error = <MutationError error={accept.error} title="Not joined." />;

  if (session.user !== null && session.user.email !== invitation.email) {
    return (
      <div className="grid gap-3">
        <p className="text-pretty">
          You are signed in as <bdi className="font-medium">{session.user.email}</bdi>. This invitation is for another
          address.
        </p>
        <Button variant="outline" onClick={() => void signOut(`/join#${token}`)}>
          Sign out and continue
        </Button>
      </div>
    );
  }
  if (session.user !== null) {
    return (
      <div className="grid gap-3">
        {error}
        <Button disabled={accept.isPending} onClick={() => accept.mutate({})}>
          {accept.isPending ? 'Joining…' : `Join as ${session.user.name}`}
        </Button>
      </div>
    );
  }
  if (invitation.hasAccount) {
    return (
      <div className="grid gap-3">
        <p className="text-pretty">There is an account with this address. Sign in with it to join.</p>
        {error}
        <SignInForm
          oidc={session.signIn.oidc}
          email={invitation.email}
          action="Sign in and join"
          onSignedIn={(after) => {
            enter(after);
            accept.mutate({});
          }}
        />
      </div>
    );
  }
  return (
    <NewAccountForm
      email={invitation.email}
      isPending={accept.isPending}
      error={error}
      onSubmit={(account) => accept.mutate(account)}
    />
  );
}
