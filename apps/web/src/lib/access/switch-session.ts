import type { CurrentSession } from '@espejo/contracts';
import type { Query, QueryClient } from '@tanstack/react-query';
import { sessionQuery } from '#lib/api/session.ts';

const isOfConsole = (query: Query) => query.queryKey[0] !== 'session';

/**
 * Switches to a new session. For the same user and tenant the cached data stays on screen and is loaded again;
 * for any other, the cache is cleared. A request for the session that was sent before the sign-in is discarded: its
 * answer is that of the old cookie.
 */
export function switchSession(client: QueryClient, session: CurrentSession, before: CurrentSession | null): void {
  const isSame = before?.user?.id === session.user?.id && before?.tenant?.id === session.tenant?.id;
  void client.cancelQueries({ queryKey: sessionQuery.queryKey });
  client.setQueryData(sessionQuery.queryKey, session);
  if (isSame) void client.invalidateQueries({ predicate: isOfConsole });
  else void client.resetQueries({ predicate: isOfConsole });
}
