'use client';

import type { CurrentSession } from '@espejo/contracts';
import { createContext, type ReactNode, useContext } from 'react';

const Context = createContext<CurrentSession | null>(null);

/** Provides the session. It keeps the ended session during a new sign-in, so that unsaved input is not lost. */
export function SessionProvider({ session, children }: { session: CurrentSession; children: ReactNode }) {
  return <Context value={session}>{children}</Context>;
}

/** The current session. Throws outside the console. */
export function useSession(): CurrentSession {
  const session = useContext(Context);
  if (session === null) throw new Error('useSession must be used inside SessionProvider.');
  return session;
}
