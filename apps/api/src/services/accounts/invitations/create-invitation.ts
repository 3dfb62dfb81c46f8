import { AppError, type Authorized, assertMayGive, type Giver, prefixedId, type Role } from '@espejo/core';
import type { InvitationRow, Repositories } from '@espejo/db';
import type { AccountContext } from '../account-context.ts';
import { assertSetUp } from '../set-up-owner.ts';
import type { CreatedInvitation } from '../views.ts';
import { hashOfInvitation, newInvitationToken } from './invitation-token.ts';
import { presentInvitation } from './list-invitations.ts';

const LIFE_MS = 7 * 86_400_000;

/**
 * Invites a user into the tenant; an earlier invitation to the same address stops working. The token is returned here
 * and stored nowhere. The inviter must have every permission that they grant. Throws `member_exists`, `setup_needed`,
 * `role_insufficient` and `scope_insufficient`.
 */
export async function createInvitation(
  deps: AccountContext,
  input: {
    readonly by: Authorized<'own'>;
    readonly maker: Giver;
    readonly email: string;
    readonly role: Role;
  },
): Promise<CreatedInvitation> {
  await assertSetUp(deps);
  assertMayGive(input.maker, { role: input.role, actions: null, storeIds: null });
  return deps.db.transaction((tx) => inviteInto(deps, tx, { ...input, tenantId: input.by.tenantId }));
}

/** The same for a tenant that is being created. */
export async function inviteInto(
  deps: AccountContext,
  tx: Repositories,
  input: { readonly by: Authorized<'own'>; readonly tenantId: string; readonly email: string; readonly role: Role },
): Promise<CreatedInvitation> {
  const { by, tenantId, email, role } = input;
  const nowMs = deps.clock.nowMs();
  const invited = await tx.accounts.findByEmail(email);
  const member = invited && (await tx.people.findMemberOfUser(tenantId, invited.user.id));
  if (member?.isConfirmed === true) {
    throw new AppError('member_exists', `${email} is already a member. Change their role instead.`);
  }
  const token = newInvitationToken(deps.randomHex);
  const row: InvitationRow = {
    tenantId,
    id: prefixedId('inv', nowMs, deps.randomHex),
    email,
    role,
    hash: hashOfInvitation(token),
    invitedBy: by.actor,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + LIFE_MS,
  };
  await tx.people.putInvitation(row);
  await tx.audit.append(
    { ...by, tenantId },
    { atMs: nowMs, action: 'invitation.created', subject: row.id, outcome: 'done', detail: { email, role } },
  );
  return { ...presentInvitation(row, nowMs), token, path: `/join#${token}` };
}
