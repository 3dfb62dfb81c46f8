'use client';

import type { CreatedInvitation } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { Button } from '@espejo/ui/ui/button';
import { UserRoundPlusIcon, UsersIcon } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { Restricted } from '#components/access/restricted.tsx';
import { InvitationLinkDialog } from '#components/account/invitation-link-dialog.tsx';
import { useSession } from '#lib/access/session-context.tsx';
import { usePermission } from '#lib/access/use-permission.ts';
import { Invitations } from './_components/invitations.tsx';
import { InviteDialog } from './_components/invite-dialog.tsx';
import { Members } from './_components/members.tsx';

/** The members of this tenant with their roles, and the open invitations. */
export function PeopleClient() {
  return (
    <Restricted needs="manage" title="Only admins can see people" isPageTitle>
      <People />
    </Restricted>
  );
}

function People() {
  const { hasAccounts, tenant } = useSession();
  const isOwner = usePermission('own').isAllowed;
  const [isInviting, setIsInviting] = useState(false);
  const [made, setMade] = useState<CreatedInvitation | null>(null);
  if (!hasAccounts) {
    return (
      <EmptyState
        icon={UsersIcon}
        tone="brand"
        title="No accounts yet"
        isPageTitle
        actions={
          <Button asChild size="sm">
            <Link href="/setup">Create the owner account</Link>
          </Button>
        }
      >
        <p>Once there is an owner account, every user signs in, and the owner invites others and gives them a role.</p>
      </EmptyState>
    );
  }
  return (
    <div className="mx-auto flex w-full max-w-4xl flex-col gap-8 px-4 py-4">
      <PageHeader
        title="People"
        description={
          <span>
            The members of <bdi>{tenant?.name ?? 'this tenant'}</bdi> and their roles.
          </span>
        }
        actions={
          <PermissionButton needs="own" size="sm" onClick={() => setIsInviting(true)}>
            <UserRoundPlusIcon />
            Invite
          </PermissionButton>
        }
      />
      <Members />
      {isOwner ? <Invitations /> : null}
      {isInviting ? (
        <InviteDialog
          onClose={() => setIsInviting(false)}
          onCreated={(invitation) => {
            setIsInviting(false);
            setMade(invitation);
          }}
        />
      ) : null}
      {made === null ? null : <InvitationLinkDialog made={made} onClose={() => setMade(null)} />}
    </div>
  );
}
