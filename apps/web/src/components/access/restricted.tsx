'use client';

import type { Action } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { LockIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { usePermission } from '#lib/access/use-permission.ts';

interface RestrictedProps {
  readonly needs: Action;
  /** The title shown to users without the permission. */
  readonly title: string;
  readonly isPageTitle?: boolean;
  readonly children: ReactNode;
}

/** Renders its children only with the permission; otherwise it shows the required role and sends no requests. */
export function Restricted({ needs, title, isPageTitle = false, children }: RestrictedProps) {
  const may = usePermission(needs);
  if (may.isAllowed) return children;
  return (
    <EmptyState icon={LockIcon} title={title} isPageTitle={isPageTitle}>
      <p>{may.reason}</p>
    </EmptyState>
  );
}
