import { networkOf } from '../network-of.ts';
import type { AccountContext, Browser } from './account-context.ts';
import type { UserSession } from './session/find-user-session.ts';
import { type OpenedSession, openSession, whoIs } from './session/open-session.ts';
import { throttled } from './session/password-hash-limiter.ts';
import { credentialsInvalid } from './session/sign-in.ts';

/**
 * Changes the user's own password. Every session ends, this one too, and the browser gets a new one, so other holders
 * of a cookie are signed out. Throws `credentials_invalid` and, after too many failed attempts, `sign_in_throttled`.
 */
export async function changePassword(
  deps: AccountContext,
  input: { readonly session: UserSession; readonly current: string; readonly next: string; readonly browser: Browser },
): Promise<OpenedSession> {
  const { session, current, next, browser } = input;
  const { auth, guard, lanes, operatorTenantId } = deps.accounts;
  const { userId, email } = session;
  const attempt = { address: networkOf(browser.address), account: email, device: `password ${userId}` };
  const result = guard.ask(attempt, deps.clock.nowMs());
  if (!result.isAllowed) throw throttled(result.retryAfterMs);
  const found = await deps.db.read.accounts.findByEmail(email);
  const hash = found?.passwordHash ?? null;
  if (!(await lanes.known.run(() => auth.isPassword(current, hash)))) throw credentialsInvalid();
  guard.forgive(attempt);
  const nextHash = await lanes.known.run(() => auth.hashPassword(next));
  const tenantId = session.place?.id ?? null;
  return auth.transaction(async (tx) => {
    if ((await tx.accounts.findByEmail(email))?.passwordHash !== hash) throw credentialsInvalid();
    await auth.setPassword(userId, nextHash);
    await tx.accounts.endSessions(userId);
    await tx.audit.append(whoIs(browser, tenantId ?? operatorTenantId, email), {
      atMs: deps.clock.nowMs(),
      action: 'account.password_changed',
      subject: userId,
      outcome: 'done',
      detail: null,
    });
    return openSession(deps, tx, { user: { id: userId, email }, tenantId, browser, by: 'password' });
  });
}
