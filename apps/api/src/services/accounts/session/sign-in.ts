import { AppError, type SignInAttempt } from '@espejo/core';
import type { UserRow } from '@espejo/db';
import { networkOf } from '../../network-of.ts';
import type { AccountContext, Browser } from '../account-context.ts';
import { UNKNOWN_ACCOUNT } from './failed-sign-ins.ts';
import { type OpenedSession, openSession, whoIs } from './open-session.ts';
import { throttled } from './password-hash-limiter.ts';

/**
 * Signs in with a password. Throws `credentials_invalid`, which says the same and takes as long whether the account
 * exists or not, and `sign_in_throttled` before the password is checked.
 */
export async function signIn(
  deps: AccountContext,
  input: { readonly email: string; readonly password: string; readonly browser: Browser },
): Promise<OpenedSession> {
  const { email, password, browser } = input;
  const { auth, cookies, guard, lanes } = deps.accounts;
  const found = await deps.db.read.accounts.findByEmail(email);
  const device = cookies.readDevice(browser.cookies, email);
  const attempt: SignInAttempt = { address: networkOf(browser.address), account: email, device };
  const result = guard.ask(attempt, deps.clock.nowMs());
  if (!result.isAllowed) {
    await recordFailure(deps, { user: found?.user, browser, isThrottled: true });
    throw throttled(result.retryAfterMs);
  }
  const lane = device === null ? lanes.unrecognised : lanes.known;
  const isRight = await lane.run(() => auth.isPassword(password, found?.passwordHash ?? null));
  if (!isRight || found === undefined) {
    await recordFailure(deps, { user: found?.user, browser, isThrottled: false });
    throw credentialsInvalid();
  }
  guard.forgive(attempt);
  const { user } = found;
  return auth.transaction(async (tx) => {
    // The password may have been changed while this one was being checked.
    const now = await tx.accounts.findByEmail(email);
    if (now?.passwordHash !== found.passwordHash) throw credentialsInvalid();
    const tenantId = (await tx.people.tenantsOf(user.id))[0]?.id ?? null;
    return openSession(deps, tx, { user, tenantId, browser, by: 'password' });
  });
}

export function credentialsInvalid(): AppError {
  return new AppError('credentials_invalid', 'The e-mail address or the password is wrong.');
}

async function recordFailure(
  deps: AccountContext,
  input: { readonly user: UserRow | undefined; readonly browser: Browser; readonly isThrottled: boolean },
): Promise<void> {
  const { user, browser, isThrottled } = input;
  const { failures, operatorTenantId } = deps.accounts;
  const who = whoIs(browser, operatorTenantId, user?.email ?? UNKNOWN_ACCOUNT);
  await failures.record(who, {
    subject: user?.id ?? UNKNOWN_ACCOUNT,
    reason: 'credentials_invalid',
    isThrottled,
  });
}
