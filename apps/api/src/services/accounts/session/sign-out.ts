import type { AccountContext, Browser } from '../account-context.ts';
import type { UserSession } from './find-user-session.ts';
import { type OpenedSession, whoIs } from './open-session.ts';

/** Ends the session of a browser for every holder of its cookie; without a session it only clears the cookie. */
export async function signOut(
  deps: AccountContext,
  input: { readonly session: UserSession | null; readonly browser: Browser },
): Promise<OpenedSession> {
  const { session, browser } = input;
  const { cookies, operatorTenantId } = deps.accounts;
  if (session !== null) {
    await deps.db.transaction(async (tx) => {
      await tx.accounts.endSession(session.id);
      await tx.audit.append(whoIs(browser, session.place?.id ?? operatorTenantId, session.email), {
        atMs: deps.clock.nowMs(),
        action: 'session.ended',
        subject: session.userId,
        outcome: 'done',
        detail: null,
      });
    });
  }
  return { cookies: cookies.closed(browser.isSecure) };
}
