'use client';

import type { AccountSession } from '@espejo/contracts';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { Button } from '@espejo/ui/ui/button';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { Section } from '#components/section.tsx';
import { Loaded } from '#components/states/loaded.tsx';
import { Time } from '#components/time.tsx';
import { accountSessionsQuery, endAccountSession } from '#lib/api/account.ts';
import { asApiError } from '#lib/api/client.ts';
import { signOut } from '#lib/api/session.ts';
import { describeUserAgent } from '#lib/format/user-agent.ts';

/** The sessions of the user, each with a button that ends it. */
export function AccountSessions() {
  const sessions = useQuery(accountSessionsQuery);
  return (
    <Section
      title="Sessions"
      about="Where you are signed in. End any session you do not recognise, then change your password."
    >
      <Loaded query={sessions} what="your sessions">
        {({ data }) => (
          <ul aria-label="Sessions" className="divide-y rounded-md border">
            {data.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}

function SessionRow({ session }: { session: AccountSession }) {
  const queryClient = useQueryClient();
  const { id, isCurrent, userAgent, address, createdAt, lastSeenAt, expiresAt } = session;
  const device = describeUserAgent(userAgent);
  const end = useMutation({
    mutationFn: () => (isCurrent ? signOut() : endAccountSession(id)),
    onError: (cause) => toast.error(asApiError(cause).message),
    onSettled: () => queryClient.invalidateQueries({ queryKey: accountSessionsQuery.queryKey }),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex items-center gap-2">
          <span className="truncate font-medium" data-hint={userAgent ?? undefined}>
            {device}
          </span>
          {isCurrent ? <ToneBadge tone="brand">This session</ToneBadge> : null}
        </p>
        <p className="text-muted-foreground flex flex-wrap gap-x-3 text-xs">
          {address === null ? null : <span className="font-mono">{address}</span>}
          <span>
            signed in <Time at={createdAt} />
          </span>
          <span>
            used <Time at={lastSeenAt} />
          </span>
          <span>
            ends <Time at={expiresAt} />
          </span>
        </p>
      </div>
      <Button
        size="sm"
        variant="outline"
        disabled={end.isPending}
        aria-label={isCurrent ? 'Sign out here' : `End the session of ${device}`}
        onClick={() => end.mutate()}
      >
        {isCurrent ? 'Sign out' : 'End'}
      </Button>
    </li>
  );
}
