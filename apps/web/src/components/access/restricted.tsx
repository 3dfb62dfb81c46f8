'use client';

import type { Action } from '@espejo/contracts';
import { EmptyState } from '@espejo/ui/blocks/empty-state';
import { LockIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { usePermission } from '#lib/access/use-permission.ts';

interface RestrictedProps {
  readonly needs: Action;
  /** What it is that not everybody sees. */
  readonly title: string;
  readonly isPageTitle?: boolean;
  readonly children: ReactNode;
}

/** What only some may see: to others it says so, and asks the API nothing. */
export function Restricted({ needs, title, isPageTitle = false, children }: RestrictedProps) {
  const may = usePermission(needs);
  if (may.isAllowed) return children;
  return (
    <EmptyState icon={LockIcon} title={title} isPageTitle={isPageTitle}>
      <p>{may.reason}</p>
    </EmptyState>
  );
}
