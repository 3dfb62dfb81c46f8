'use client';

import type { Invitation } from '@espejo/contracts';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { Button } from '@espejo/ui/ui/button';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { Name } from '#components/name.tsx';
import { Section } from '#components/section.tsx';
import { Loaded } from '#components/states/loaded.tsx';
import { Time } from '#components/time.tsx';
import { asApiError } from '#lib/api/client.ts';
import { invitationsQuery, revokeInvitation } from '#lib/api/people.ts';
import { ROLE_WORDS } from '#lib/format/roles.ts';

/** The invitations that are not accepted yet. */
export function Invitations() {
  const invitations = useQuery(invitationsQuery);
  return (
    <Section title="Invitations" about="Links that have not been used yet.">
      <Loaded query={invitations} what="the invitations">
        {({ data }) =>
          data.length === 0 ? (
            <p className="text-muted-foreground rounded-md border border-dashed px-3 py-4 text-center">
              No open invitations.
            </p>
          ) : (
            <ul aria-label="Invitations" className="divide-y rounded-md border">
              {data.map((invitation) => (
                <InvitationRow key={invitation.id} invitation={invitation} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}

function InvitationRow({ invitation }: { invitation: Invitation }) {
  const queryClient = useQueryClient();
  const { email, role, invitedBy, createdAt, expiresAt, state } = invitation;
  const revoke = useMutation({
    mutationFn: () => revokeInvitation(invitation.id),
    onSuccess: () => toast.success(`The invitation of ${email} is revoked`),
    onError: (cause) => toast.error(asApiError(cause).message),
    onSettled: () => queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex items-center gap-2">
          <Name text={email} className="font-medium" />
          <ToneBadge tone="outline">{ROLE_WORDS[role].name}</ToneBadge>
          {state === 'expired' ? <ToneBadge>Expired</ToneBadge> : null}
        </p>
        <p className="text-muted-foreground flex flex-wrap gap-x-3 text-xs">
          <span>
            by <bdi>{invitedBy}</bdi> <Time at={createdAt} />
          </span>
          <span>
            {state === 'expired' ? 'ended ' : 'ends '}
            <Time at={expiresAt} />
          </span>
        </p>
      </div>
      <Button
        size="sm"
        variant="outline"
        disabled={revoke.isPending}
        aria-label={`Revoke the invitation of ${email}`}
        onClick={() => revoke.mutate()}
      >
        Revoke
      </Button>
    </li>
  );
}
