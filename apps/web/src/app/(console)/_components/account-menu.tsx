'use client';

import type { CurrentSession } from '@espejo/contracts';
import { ToneBadge } from '@espejo/ui/blocks/tone-badge';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@espejo/ui/ui/dropdown-menu';
import { useMutation } from '@tanstack/react-query';
import {
  BuildingIcon,
  ChevronsUpDownIcon,
  CircleUserRoundIcon,
  KeyRoundIcon,
  LaptopIcon,
  LogOutIcon,
  MailIcon,
  UserRoundPlusIcon,
} from 'lucide-react';
import Link from 'next/link';
import { toast } from 'sonner';
import { Name } from '#components/name.tsx';
import { useSession } from '#lib/access/session-context.tsx';
import { asApiError } from '#lib/api/client.ts';
import { signOut, switchTenant } from '#lib/api/session.ts';
import { ROLE_WORDS } from '#lib/format/roles.ts';

/** The current user or key with its role and tenant, the switch between tenants, and the account actions. */
export function AccountMenu() {
  const session = useSession();
  const { name, about } = whoIs(session);
  return (
    <DropdownMenu modal={false}>
      <DropdownMenuTrigger className="hover:bg-accent data-[state=open]:bg-accent focus-visible:ring-ring/60 flex w-full items-center gap-2.5 rounded-md px-2 py-1.5 text-left outline-none focus-visible:ring-2">
        <Avatar session={session} />
        <span className="min-w-0 flex-1">
          <span className="sr-only">Account: </span>
          <Name text={name} className="block font-medium" />
          <span className="text-muted-foreground flex min-w-0 items-center gap-1.5 text-xs">
            {session.role === null ? null : <ToneBadge tone="outline">{ROLE_WORDS[session.role].name}</ToneBadge>}
            <Name text={about} />
          </span>
        </span>
        <ChevronsUpDownIcon aria-hidden="true" className="text-muted-foreground size-3.5 shrink-0" />
      </DropdownMenuTrigger>
      <DropdownMenuContent side="top" align="start" className="w-60">
        {session.state === 'signed_in' ? <OwnEntries session={session} /> : null}
        {session.state === 'setup' ? (
          <Entry href="/setup" icon={UserRoundPlusIcon}>
            Create the owner account…
          </Entry>
        ) : null}
        {session.isOperator ? (
          <Entry href="/tenants" icon={BuildingIcon}>
            Tenants
          </Entry>
        ) : null}
        {session.state === 'setup' ? null : (
          <>
            <DropdownMenuSeparator />
            <DropdownMenuItem className="text-ui" onSelect={leave}>
              <LogOutIcon />
              {session.state === 'trusted' ? 'Remove this key' : 'Sign out'}
            </DropdownMenuItem>
          </>
        )}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

function leave(): void {
  signOut().catch((cause: unknown) => toast.error(asApiError(cause).message));
}

/** The name and role of a user; otherwise how this browser is authenticated. */
function whoIs({ state, user, tenant, actor }: CurrentSession): { readonly name: string; readonly about: string } {
  if (user !== null) return { name: user.name, about: tenant?.name ?? user.email };
  if (state === 'setup') return { name: 'This machine', about: 'No accounts yet' };
  return { name: actor ?? 'API key', about: 'By API key' };
}

function Avatar({ session: { user, state } }: { session: CurrentSession }) {
  const Icon = state === 'setup' ? LaptopIcon : KeyRoundIcon;
  return (
    <span
      aria-hidden="true"
      className="bg-brand-soft text-brand grid size-7 shrink-0 place-items-center rounded-full text-xs font-semibold uppercase"
    >
      {user === null ? <Icon className="size-3.5" /> : [...user.name][0]}
    </span>
  );
}

function OwnEntries({ session }: { session: CurrentSession }) {
  const { user, tenant, tenants, invitations } = session;
  const move = useMutation({
    mutationFn: switchTenant,
    // Everything on the page belongs to the previous tenant.
    onSuccess: () => window.location.assign('/stores'),
    onError: (cause) => toast.error(asApiError(cause).message),
  });
  return (
    <>
      <DropdownMenuLabel className="text-muted-foreground truncate text-xs font-normal">
        {user?.email}
      </DropdownMenuLabel>
      {tenants.length > 1 ? (
        <>
          <DropdownMenuRadioGroup
            aria-label="Tenant"
            value={tenant?.id ?? ''}
            onValueChange={(id) => {
              if (id !== tenant?.id) move.mutate(id);
            }}
          >
            {tenants.map(({ id, name, role }) => (
              <DropdownMenuRadioItem key={id} value={id} className="text-ui">
                <Name text={name} className="flex-1" />
                <span className="text-muted-foreground text-xs">{ROLE_WORDS[role].name}</span>
              </DropdownMenuRadioItem>
            ))}
          </DropdownMenuRadioGroup>
          <DropdownMenuSeparator />
        </>
      ) : null}
      {invitations.length > 0 ? (
        <Entry href="/account" icon={MailIcon}>
          {invitations.length === 1 ? 'An invitation to you' : `${invitations.length} invitations to you`}
        </Entry>
      ) : null}
      <Entry href="/account" icon={CircleUserRoundIcon}>
        Your account
      </Entry>
    </>
  );
}

interface EntryProps {
  readonly href: string;
  readonly icon: typeof LaptopIcon;
  readonly children: string;
}

function Entry({ href, icon: Icon, children }: EntryProps) {
  return (
    <DropdownMenuItem asChild className="text-ui">
      <Link href={href}>
        <Icon />
        {children}
      </Link>
    </DropdownMenuItem>
  );
}
