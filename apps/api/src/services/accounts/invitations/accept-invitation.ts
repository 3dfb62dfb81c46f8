import { AppError } from '@espejo/core';
import type { Repositories } from '@espejo/db';
import type { AccountContext, Browser } from '../account-context.ts';
import type { UserSession } from '../session/find-user-session.ts';
import { type OpenedSession, openSession } from '../session/open-session.ts';
import { assertSetUp } from '../set-up-owner.ts';
import { findOpenInvitation } from './get-invitation.ts';
import { joinByInvitation } from './own-invitations.ts';

interface AcceptInput {
  readonly token: string;
  readonly session: UserSession | null;
  readonly browser: Browser;
  /** Required for a new account. */
  readonly name: string | undefined;
  readonly password: string | undefined;
}

/**
 * Accepts an invitation. A signed-in user with its address joins; a new user gets an account and a session. It works
 * once. Throws `invitation_not_found`, `invitation_for_another`, `unauthorized` when the existing account has to sign
 * in first, and `invalid_request` without a name and a password for a new account.
 */
export async function acceptInvitation(deps: AccountContext, input: AcceptInput): Promise<OpenedSession> {
  const { token, session, name, password } = input;
  const { auth, lanes } = deps.accounts;
  await assertSetUp(deps);
  const { email } = await findOpenInvitation(deps.db.read, token, deps.clock.nowMs());
  if (session !== null && session.email !== email) {
    throw new AppError(
      'invitation_for_another',
      `This invitation is for ${email}, and you are signed in as ${session.email}. Sign out first.`,
    );
  }
  if (session !== null) return joinSignedIn(deps, input, session);
  await assertNoAccount(deps.db.read, email);
  if (name === undefined || password === undefined) {
    throw new AppError('invalid_request', 'A new account needs a name and a password.');
  }
  const hash = await lanes.unrecognised.run(() => auth.hashPassword(password));
  return auth.transaction(async (tx) => {
    const invitation = await findOpenInvitation(tx, token, deps.clock.nowMs());
    await assertNoAccount(tx, email);
    // The holder of the link is not proven to own the address: the inviter has the link as well.
    const userId = await auth.createUser({ name, email, hash, isEmailVerified: false });
    await joinByInvitation(deps, tx, { invitation, userId, browser: input.browser });
    const { tenantId } = invitation;
    return openSession(deps, tx, { user: { id: userId, email }, tenantId, browser: input.browser, by: 'invitation' });
  });
}

async function joinSignedIn(deps: AccountContext, input: AcceptInput, session: UserSession): Promise<OpenedSession> {
  return deps.db.transaction(async (tx) => {
    const invitation = await findOpenInvitation(tx, input.token, deps.clock.nowMs());
    await joinByInvitation(deps, tx, { invitation, userId: session.userId, browser: input.browser });
    await tx.accounts.moveSession(session.id, invitation.tenantId);
    return { cookies: [] };
  });
}

async function assertNoAccount(read: Pick<Repositories, 'accounts'>, email: string): Promise<void> {
  if ((await read.accounts.findByEmail(email)) === undefined) return;
  throw new AppError(
    'unauthorized',
    `There is already an account for ${email}. Sign in with it, then accept the invitation.`,
  );
}
