'use client';

import type { Action } from '@espejo/contracts';
import { useQuery } from '@tanstack/react-query';
import { whoAmIQuery } from '#lib/api/session.ts';
import { useActLock } from './act-lock.tsx';
import { type Permission, permissionOf } from './permission.ts';
import { useSession } from './session-context.tsx';

/** Whether the session may do an action, in one store or in the whole tenant, and if not, what is required. */
export function usePermission(action: Action, storeId?: string): Permission {
  const { state, role, grants } = useSession();
  const lock = useActLock();
  const isByKey = state === 'trusted';
  const key = useQuery({ ...whoAmIQuery, enabled: isByKey });
  const isKnown = !isByKey || key.data !== undefined;
  const permission = permissionOf(
    {
      role: isKnown ? role : null,
      grants,
      actions: key.data?.actions ?? null,
      storeIds: key.data?.storeIds ?? null,
    },
    action,
    storeId,
  );
  return lock !== null && permission.isAllowed ? { isAllowed: false, reason: lock } : permission;
}
