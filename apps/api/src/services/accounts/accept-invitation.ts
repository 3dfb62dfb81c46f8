import { AppError, prefixedId } from '@espejo/core';
import type { InvitationRow, Repositories } from '@espejo/db';
import type { AccountDeps, Browser } from './account-deps.ts';
import type { UserSession } from './find-user-session.ts';
import { findOpenInvitation } from './look-at-invitation.ts';
import { type OpenedSession, openSession, whoIs } from './open-session.ts';
import { assertSetUp } from './set-up-owner.ts';

interface AcceptInput {
  readonly token: string;
  readonly session: UserSession | null;
  readonly browser: Browser;
  /** For a new account. */
  readonly name: string | undefined;
  readonly password: string | undefined;
}

/**
 * Accepts an invitation: whoever is signed in with its address joins, and somebody new is given an account and a session.
 * It works once. Throws `invitation_not_found`, `invitation_for_another`, `unauthorized` when the account there is has to
 * sign in first, and `invalid_request` without a name and a password for a new one.
 */
export async function acceptInvitation(deps: AccountDeps, input: AcceptInput): Promise<OpenedSession> {
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
  const hash = await lanes.strange.run(() => auth.hashPassword(password));
  return auth.transaction(async (tx) => {
    const invitation = await findOpenInvitation(tx, token, deps.clock.nowMs());
    await assertNoAccount(tx, email);
    const userId = await auth.createUser({ name, email, hash });
    await join(deps, tx, { invitation, userId, browser: input.browser });
    const { tenantId } = invitation;
    return openSession(deps, tx, { user: { id: userId, email }, tenantId, browser: input.browser, by: 'invitation' });
  });
}

async function joinSignedIn(deps: AccountDeps, input: AcceptInput, session: UserSession): Promise<OpenedSession> {
  return deps.db.transaction(async (tx) => {
    const invitation = await findOpenInvitation(tx, input.token, deps.clock.nowMs());
    await join(deps, tx, { invitation, userId: session.userId, browser: input.browser });
    await tx.accounts.moveSession(session.id, invitation.tenantId);
    return { cookies: [] };
  });
}

async function join(
  deps: AccountDeps,
  tx: Repositories,
  input: { readonly invitation: InvitationRow; readonly userId: string; readonly browser: Browser },
): Promise<void> {
  const { invitation, userId, browser } = input;
  const { tenantId, role, email } = invitation;
  const nowMs = deps.clock.nowMs();
  await tx.people.removeInvitation(tenantId, invitation.id);
  if ((await tx.people.findMemberOfUser(tenantId, userId)) !== undefined) return;
  const id = prefixedId('mem', nowMs, deps.randomHex);
  await tx.people.addMember({ tenantId, id, userId, role, createdAtMs: nowMs });
  await tx.audit.append(whoIs(browser, tenantId, email), {
    atMs: nowMs,
    action: 'member.joined',
    subject: id,
    outcome: 'done',
    detail: { role, invitation: invitation.id, invitedBy: invitation.invitedBy },
  });
}

async function assertNoAccount(read: Pick<Repositories, 'accounts'>, email: string): Promise<void> {
  if ((await read.accounts.findByEmail(email)) === undefined) return;
  throw new AppError('unauthorized', `There is an account for ${email}. Sign in with it, then accept the invitation.`);
}
