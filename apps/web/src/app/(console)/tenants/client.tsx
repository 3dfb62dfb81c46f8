'use client';

import type { CreatedInvitation, Tenant } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { PageHeader } from '@espejo/ui/blocks/page-header';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { Button } from '@espejo/ui/ui/button';
import { useQuery } from '@tanstack/react-query';
import { LockIcon, PlusIcon } from 'lucide-react';
import { useState } from 'react';
import { InvitationLinkDialog } from '#components/account/invitation-link-dialog.tsx';
import { Name } from '#components/name.tsx';
import { Loaded } from '#components/states/loaded.tsx';
import { Time } from '#components/time.tsx';
import { useSession } from '#lib/access/session-context.tsx';
import { tenantsQuery } from '#lib/api/people.ts';
import { plural } from '#lib/format/count.ts';
import { NewTenantDialog } from './_components/new-tenant-dialog.tsx';

/** Every tenant of this installation, for operators. */
export function TenantsClient() {
  const { isOperator } = useSession();
  if (!isOperator) {
    return (
      <EmptyState icon={LockIcon} title="Only operators can see tenants" isPageTitle>
        <p>Owners of the first tenant of this installation are operators.</p>
      </EmptyState>
    );
  }
  return <Tenants />;
}

function Tenants() {
  const tenants = useQuery(tenantsQuery);
  const [isCreating, setIsCreating] = useState(false);
  const [made, setMade] = useState<CreatedInvitation | null>(null);
  return (
    <div className="mx-auto flex w-full max-w-4xl flex-col gap-4 px-4 py-4">
      <PageHeader
        title="Tenants"
        description="Each tenant has its own stores, members, keys and connections, and cannot see other tenants."
        actions={
          <Button size="sm" onClick={() => setIsCreating(true)}>
            <PlusIcon />
            New tenant
          </Button>
        }
      />
      <Loaded query={tenants} what="the tenants">
        {({ data }) => (
          <ul aria-label="Tenants" className="divide-y rounded-md border">
            {data.map((tenant) => (
              <TenantRow key={tenant.id} tenant={tenant} />
            ))}
          </ul>
        )}
      </Loaded>
      {isCreating ? (
        <NewTenantDialog
          onClose={() => setIsCreating(false)}
          onCreated={(tenant) => {
            setIsCreating(false);
            setMade(tenant.invitation);
          }}
        />
      ) : null}
      {made === null ? null : <InvitationLinkDialog made={made} onClose={() => setMade(null)} />}
    </div>
  );
}

function TenantRow({ tenant }: { tenant: Tenant }) {
  const { tenant: present } = useSession();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2.5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex items-center gap-2">
          <Name text={tenant.name} className="font-medium" />
          {present?.id === tenant.id ? <ToneBadge tone="brand">Current tenant</ToneBadge> : null}
        </p>
        <p className="text-muted-foreground font-mono text-xs break-all">{tenant.id}</p>
      </div>
      <p className="text-muted-foreground flex flex-wrap gap-x-4 text-xs tabular-nums">
        <span>{tenant.memberCount === 0 ? 'no members yet' : plural(tenant.memberCount, 'member')}</span>
        <span>
          created <Time at={tenant.createdAt} />
        </span>
      </p>
    </li>
  );
}
