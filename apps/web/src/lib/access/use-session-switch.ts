'use client';

import type { CurrentSession } from '@espejo/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { switchSession } from './switch-session.ts';

/** A function that switches to a new session, from the session `before` if there was one. */
export function useSessionSwitch(): (session: CurrentSession, before?: CurrentSession | null) => void {
  const queryClient = useQueryClient();
  return useCallback((session, before = null) => switchSession(queryClient, session, before), [queryClient]);
}
