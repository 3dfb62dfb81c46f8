'use client';

import { createContext, type ReactNode, useContext } from 'react';

const ActLockContext = createContext<string | null>(null);

/** Disables every act below it that asks for a permission, for one reason; null: none of them. */
export function ActLock({ reason, children }: { reason: string | null; children: ReactNode }) {
  return <ActLockContext value={reason}>{children}</ActLockContext>;
}

export function useActLock(): string | null {
  return useContext(ActLockContext);
}
