'use client';

import { type Member, Role } from '@espejo/contracts';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@espejo/ui/ui/select';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { DatabaseIcon, UserRoundMinusIcon } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { PermissionButton } from '#components/access/permission-button.tsx';
import { Name } from '#components/name.tsx';
import { Time } from '#components/time.tsx';
import { usePermission } from '#lib/access/use-permission.ts';
import { asApiError } from '#lib/api/client.ts';
import { membersQuery, updateMember } from '#lib/api/people.ts';
import { plural } from '#lib/format/count.ts';
import { ROLE_WORDS } from '#lib/format/roles.ts';
import { GrantsDialog } from './grants-dialog.tsx';
import { RemoveMemberDialog } from './remove-member-dialog.tsx';

/** One member: name, role, last activity, and the stores in which the member has a higher role. */
export function MemberRow({ member }: { member: Member }) {
  const [dialog, setDialog] = useState<'grants' | 'remove' | null>(null);
  const { user, role, grants, isYou, isConfirmed, joinedAt, lastSeenAt } = member;
  const grantCount = grants.length;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-2.5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex items-center gap-2">
          <Name text={user.name} className="font-medium" />
          {isYou ? <ToneBadge tone="brand">You</ToneBadge> : null}
          {isConfirmed ? null : <ToneBadge tone="outline">Not confirmed</ToneBadge>}
        </p>
        <p className="text-muted-foreground flex flex-wrap gap-x-3 text-xs">
          <bdi className="break-all">{user.email}</bdi>
          <span>
            {lastSeenAt === null ? (
              <>
                joined <Time at={joinedAt} />
              </>
            ) : (
              <>
                here <Time at={lastSeenAt} />
              </>
            )}
          </span>
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <MemberRole member={member} />
        <PermissionButton
          needs="own"
          size="sm"
          variant="outline"
          className="min-w-24 justify-start"
          onClick={() => setDialog('grants')}
        >
          <DatabaseIcon />
          <span>
            {grantCount === 0 ? 'Stores…' : plural(grantCount, 'store')}
            <span className="sr-only"> of {user.name}</span>
          </span>
        </PermissionButton>
        <PermissionButton
          needs="own"
          size="sm"
          variant="outline"
          className="min-w-26 justify-start"
          onClick={() => setDialog('remove')}
        >
          <UserRoundMinusIcon />
          <span>
            {isYou ? 'Leave…' : 'Remove…'}
            <span className="sr-only"> {user.name}</span>
          </span>
        </PermissionButton>
      </div>
      {dialog === 'grants' ? <GrantsDialog member={{ ...member, role }} onClose={() => setDialog(null)} /> : null}
      {dialog === 'remove' ? <RemoveMemberDialog member={member} onClose={() => setDialog(null)} /> : null}
    </li>
  );
}

/** The role, saved on change; the API rejects a change that leaves a tenant without an owner. */
function MemberRole({ member }: { member: Member }) {
  const queryClient = useQueryClient();
  const may = usePermission('own');
  const change = useMutation({
    mutationFn: (role: Role) => updateMember(member.id, role),
    onSuccess: (after) => toast.success(`${after.user.name} is ${ROLE_WORDS[after.role].name.toLowerCase()} now`),
    onError: (cause) => {
      const error = asApiError(cause);
      toast.error(error.message, { description: error.code });
    },
    // The user's own role decides what the console shows, so the session is loaded again too.
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: membersQuery.queryKey }),
        member.isYou ? queryClient.invalidateQueries({ queryKey: ['session'] }) : null,
      ]),
  });
  return (
    <span data-hint={may.reason ?? undefined}>
      <Select
        value={change.isPending ? change.variables : member.role}
        disabled={!may.isAllowed || change.isPending}
        onValueChange={(role) => change.mutate(Role.parse(role))}
      >
        <SelectTrigger size="sm" aria-label={`Role of ${member.user.name}`} className="w-28">
          <SelectValue>{ROLE_WORDS[change.isPending ? change.variables : member.role].name}</SelectValue>
        </SelectTrigger>
        <SelectContent>
          {Role.options.map((role) => (
            <SelectItem key={role} value={role}>
              <span>
                {ROLE_WORDS[role].name}
                <span className="text-muted-foreground block text-xs">{ROLE_WORDS[role].about}</span>
              </span>
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
    </span>
  );
}
