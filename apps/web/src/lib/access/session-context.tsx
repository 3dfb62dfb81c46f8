'use client';

import type { CurrentSession } from '@espejo/contracts';
import { createContext, type ReactNode, useContext } from 'react';

const Context = createContext<CurrentSession | null>(null);

/** Whose console this is. It stays who it was while a session that ended is opened again, so that nothing typed is lost. */
export function SessionProvider({ session, children }: { session: CurrentSession; children: ReactNode }) {
  return <Context value={session}>{children}</Context>;
}

/** Who is at this console. Throws outside of it. */
export function useSession(): CurrentSession {
  const session = useContext(Context);
  if (session === null) throw new Error('Only what is inside the console knows who is at it.');
  return session;
}
