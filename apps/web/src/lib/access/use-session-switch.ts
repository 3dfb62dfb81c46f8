'use client';

import type { CurrentSession } from '@espejo/contracts';
import { type Query, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { sessionQuery } from '#lib/api/session.ts';

const isOfConsole = (query: Query) => query.queryKey[0] !== 'session';

/**
 * Switches to a new session. For the same user and tenant the cached data stays on screen and is loaded again;
 * for any other, the cache is cleared.
 */
export function useSessionSwitch(): (session: CurrentSession, before?: CurrentSession | null) => void {
  const queryClient = useQueryClient();
  return useCallback(
    (session, before = null) => {
      const isSame = before?.user?.id === session.user?.id && before?.tenant?.id === session.tenant?.id;
      queryClient.setQueryData(sessionQuery.queryKey, session);
      if (isSame) void queryClient.invalidateQueries({ predicate: isOfConsole });
      else void queryClient.resetQueries({ predicate: isOfConsole });
    },
    [queryClient],
  );
}
