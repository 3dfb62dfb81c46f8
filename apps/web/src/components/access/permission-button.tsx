'use client';

import type { Action } from '@espejo/contracts';
import { cn } from '@espejo/ui/lib/utils';
import { Button } from '@espejo/ui/ui/button';
import { DropdownMenuItem } from '@espejo/ui/ui/dropdown-menu';
import type { ComponentProps } from 'react';
import { usePermission } from '#lib/access/use-permission.ts';

interface Needs {
  readonly needs: Action;
  /** The store the action is for; left out: the whole tenant. */
  readonly storeId?: string | undefined;
}

/**
 * A button for an action that needs a permission. Without it, the button is disabled, shows the required role and can
 * still be reached by keyboard. It also keeps Enter from submitting its form.
 */
export function PermissionButton({ needs, storeId, ...props }: ComponentProps<typeof Button> & Needs) {
  const may = usePermission(needs, storeId);
  if (may.isAllowed) return <Button {...props} />;
  return (
    <Button
      {...props}
      disabled={false}
      aria-disabled
      aria-description={may.reason}
      data-hint={may.reason}
      onClick={(event) => event.preventDefault()}
      className={cn(props.className, 'opacity-50')}
    />
  );
}

interface MenuItemNeeds extends Needs {
  /** Why the action is not possible, whatever the role; null if it is. */
  readonly obstacle?: string | null;
}

/** The same for an entry of a menu. */
export function PermissionMenuItem({
  needs,
  storeId,
  obstacle = null,
  ...props
}: ComponentProps<typeof DropdownMenuItem> & MenuItemNeeds) {
  const may = usePermission(needs, storeId);
  const reason = obstacle ?? may.reason ?? undefined;
  if (may.isAllowed && obstacle === null) return <DropdownMenuItem {...props} />;
  return (
    <DropdownMenuItem
      {...props}
      aria-disabled
      aria-description={reason}
      data-hint={reason}
      onSelect={(event) => event.preventDefault()}
      className={cn(props.className, 'opacity-50')}
    />
  );
}
