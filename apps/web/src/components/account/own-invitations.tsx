'use client';

import type { OwnInvitation } from '@espejo/contracts';
import { Button } from '@espejo/ui/ui/button';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { Time } from '#components/time.tsx';
import { useSessionSwitch } from '#lib/access/use-session-switch.ts';
import { asApiError } from '#lib/api/client.ts';
import { acceptOwnInvitation, declineOwnInvitation, sessionQuery } from '#lib/api/session.ts';
import { ROLE_WORDS } from '#lib/format/roles.ts';

/** The invitations of the user, with Join and Decline; a user joins only on Join. */
export function OwnInvitations({ invitations }: { invitations: readonly OwnInvitation[] }) {
  return (
    <ul aria-label="Invitations" className="divide-y rounded-md border">
      {invitations.map((invitation) => (
        <InvitationRow key={invitation.id} invitation={invitation} />
      ))}
    </ul>
  );
}

function InvitationRow({ invitation }: { invitation: OwnInvitation }) {
  const { id, tenant, role, invitedBy, expiresAt } = invitation;
  const router = useRouter();
  const enter = useSessionSwitch();
  const queryClient = useQueryClient();
  const join = useMutation({
    mutationFn: () => acceptOwnInvitation(id),
    onSuccess: (session) => {
      enter(session);
      router.replace('/stores');
    },
    onError: (cause) => toast.error(asApiError(cause).message),
  });
  const decline = useMutation({
    mutationFn: () => declineOwnInvitation(id),
    onError: (cause) => toast.error(asApiError(cause).message),
    onSettled: () => queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
  const isPending = join.isPending || decline.isPending;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="text-pretty">
          {invitedBy === null ? (
            <>
              Your account became a member of <bdi className="font-medium">{tenant.name}</bdi> as{' '}
              {ROLE_WORDS[role].name} before you verified this address. Join only if you recognise the tenant.
            </>
          ) : (
            <>
              You are invited to <bdi className="font-medium">{tenant.name}</bdi> as {ROLE_WORDS[role].name} by{' '}
              <bdi className="font-medium break-all">{invitedBy}</bdi>.
            </>
          )}
        </p>
        <p className="text-muted-foreground text-xs">
          {ROLE_WORDS[role].name}: {ROLE_WORDS[role].about}
          {expiresAt === null ? null : (
            <>
              {'; ends '}
              <Time at={expiresAt} />
            </>
          )}
        </p>
      </div>
      <div className="flex gap-2">
        <Button
          size="sm"
          variant="outline"
          disabled={isPending}
          aria-label={`Decline to join ${tenant.name}`}
          onClick={() => decline.mutate()}
        >
          Decline
        </Button>
        <Button size="sm" disabled={isPending} aria-label={`Join ${tenant.name}`} onClick={() => join.mutate()}>
          {join.isPending ? 'Joining…' : 'Join'}
        </Button>
      </div>
    </li>
  );
}
