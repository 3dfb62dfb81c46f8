import { prefixedId, toSeconds } from '@espejo/core';
import type { InvitationRow, MemberRow, Repositories } from '@espejo/db';
import type { AccountContext, Browser } from '../account-context.ts';
import { assertOtherOwner } from '../members/update-member.ts';
import type { UserSession } from '../session/find-user-session.ts';
import { whoIs } from '../session/open-session.ts';
import type { OwnInvitation } from '../views.ts';
import { invitationNotFound } from './get-invitation.ts';

type Asked =
  | { readonly kind: 'invitation'; readonly row: InvitationRow & { readonly tenantName: string } }
  | { readonly kind: 'membership'; readonly row: MemberRow & { readonly tenantName: string } };

interface Answer {
  readonly session: UserSession;
  readonly id: string;
  readonly browser: Browser;
}

/**
 * Tenants that the user may join: open invitations to an address that they have proven, and memberships created under
 * it before they had.
 */
export async function listOwnInvitations(
  { db, clock }: Pick<AccountContext, 'db' | 'clock'>,
  session: UserSession,
): Promise<OwnInvitation[]> {
  return (await listAsked(db.read, session, clock.nowMs())).map(present);
}

/** Joins a tenant and switches to it. Throws `invitation_not_found`. */
export async function acceptOwnInvitation(deps: AccountContext, { session, id, browser }: Answer): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const asked = await findAsked(tx, session, { id, nowMs: deps.clock.nowMs() });
    if (asked.kind === 'invitation') {
      await joinByInvitation(deps, tx, { invitation: asked.row, userId: session.userId, browser });
    } else {
      const { tenantId, role } = asked.row;
      await tx.people.confirmMember(tenantId, asked.row.id);
      await tx.audit.append(whoIs(browser, tenantId, session.email), {
        atMs: deps.clock.nowMs(),
        action: 'member.confirmed',
        subject: asked.row.id,
        outcome: 'done',
        detail: { role },
      });
    }
    await tx.accounts.moveSession(session.id, asked.row.tenantId);
  });
}

/**
 * Declines an invitation, or a membership that was never confirmed, for good. Throws `invitation_not_found` and
 * `last_owner`.
 */
export async function declineOwnInvitation(deps: AccountContext, { session, id, browser }: Answer): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const { kind, row } = await findAsked(tx, session, { id, nowMs: deps.clock.nowMs() });
    const { tenantId, role } = row;
    if (kind === 'invitation') await tx.people.removeInvitation(tenantId, id);
    else {
      await assertOtherOwner(tx, { ...row, email: session.email });
      await tx.people.removeMember(tenantId, id);
    }
    await tx.audit.append(whoIs(browser, tenantId, session.email), {
      atMs: deps.clock.nowMs(),
      action: kind === 'invitation' ? 'invitation.declined' : 'member.declined',
      subject: id,
      outcome: 'done',
      detail: { role },
    });
  });
}

/**
 * Call in a transaction. Makes the user a member and uses the invitation up; an unconfirmed membership counts as
 * confirmed.
 */
export async function joinByInvitation(
  deps: Pick<AccountContext, 'clock' | 'randomHex'>,
  tx: Repositories,
  input: { readonly invitation: InvitationRow; readonly userId: string; readonly browser: Browser },
): Promise<void> {
  const { invitation, userId, browser } = input;
  const { tenantId, role, email } = invitation;
  const nowMs = deps.clock.nowMs();
  await tx.people.removeInvitation(tenantId, invitation.id);
  const member = await tx.people.findMemberOfUser(tenantId, userId);
  if (member?.isConfirmed === true) return;
  const id = member?.id ?? prefixedId('mem', nowMs, deps.randomHex);
  if (member === undefined) await tx.people.addMember({ tenantId, id, userId, role, createdAtMs: nowMs });
  else {
    await tx.people.setRole(tenantId, id, role);
    await tx.people.confirmMember(tenantId, id);
  }
  await tx.audit.append(whoIs(browser, tenantId, email), {
    atMs: nowMs,
    action: 'member.joined',
    subject: id,
    outcome: 'done',
    detail: { role, invitation: invitation.id, invitedBy: invitation.invitedBy },
  });
}

async function listAsked(
  read: Pick<Repositories, 'people' | 'accounts'>,
  { userId }: UserSession,
  nowMs: number,
): Promise<Asked[]> {
  const user = await read.accounts.find(userId);
  if (user === undefined) return [];
  const unconfirmed = await read.people.listUnconfirmed(userId);
  // The user who made an account under an address has not proven that they own it.
  const invitations = user.emailVerified ? await read.people.listInvitationsTo(user.email, nowMs) : [];
  const own = new Set((await read.people.tenantsOf(userId)).map(({ id }) => id));
  return [
    ...invitations.filter(({ tenantId }) => !own.has(tenantId)).map((row): Asked => ({ kind: 'invitation', row })),
    ...unconfirmed
      .filter(({ tenantId }) => !invitations.some((invitation) => invitation.tenantId === tenantId))
      .map((row): Asked => ({ kind: 'membership', row })),
  ];
}

async function findAsked(
  tx: Repositories,
  session: UserSession,
  { id, nowMs }: { readonly id: string; readonly nowMs: number },
): Promise<Asked> {
  const asked = (await listAsked(tx, session, nowMs)).find(({ row }) => row.id === id);
  if (asked === undefined) throw invitationNotFound();
  return asked;
}

function present({ kind, row }: Asked): OwnInvitation {
  return {
    id: row.id,
    tenant: { id: row.tenantId, name: row.tenantName },
    role: row.role,
    invitedBy: kind === 'invitation' ? row.invitedBy : null,
    expiresAt: kind === 'invitation' ? toSeconds(row.expiresAtMs) : null,
  };
}
