'use client';

import type { OwnTenant } from '@espejo/contracts';
import { Button } from '@espejo/ui/ui/button';
import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { Name } from '#components/name.tsx';
import { useSessionSwitch } from '#lib/access/use-session-switch.ts';
import { asApiError } from '#lib/api/client.ts';
import { switchTenant } from '#lib/api/session.ts';
import { ROLE_WORDS } from '#lib/format/roles.ts';

/** The tenants of the user; choosing one opens it. */
export function OwnTenants({ tenants }: { tenants: readonly OwnTenant[] }) {
  const enter = useSessionSwitch();
  const move = useMutation({
    mutationFn: switchTenant,
    onSuccess: (session) => enter(session),
    onError: (cause) => toast.error(asApiError(cause).message),
  });
  return (
    <ul aria-label="Your tenants" className="grid gap-2">
      {tenants.map(({ id, name, role }) => (
        <li key={id}>
          <Button
            variant="outline"
            className="w-full justify-between"
            disabled={move.isPending}
            onClick={() => move.mutate(id)}
          >
            <Name text={name} />
            <span className="text-muted-foreground text-xs">{ROLE_WORDS[role].name}</span>
          </Button>
        </li>
      ))}
    </ul>
  );
}
