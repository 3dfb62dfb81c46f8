import { AppError, type Authorized, assertMayGive, type Giver, type Role } from '@espejo/core';
import type { MemberRecord, Repositories } from '@espejo/db';
import type { AccountContext } from '../account-context.ts';
import type { UserSession } from '../session/find-user-session.ts';
import type { Member } from '../views.ts';
import { findMember, presentMember } from './list-members.ts';

/**
 * Changes a member's role, effective from their next request; a caller cannot grant more than they have. Throws
 * `member_not_found`, `last_owner`, `role_insufficient` and `scope_insufficient`.
 */
export async function updateMember(
  { db, clock }: Pick<AccountContext, 'db' | 'clock'>,
  input: {
    readonly by: Authorized<'own'>;
    readonly maker: Giver;
    readonly id: string;
    readonly role: Role;
    readonly session: UserSession | null;
  },
): Promise<Member> {
  const { by, maker, id, role, session } = input;
  return db.transaction(async (tx) => {
    const member = await findMember(tx, by.tenantId, id);
    if (role !== 'owner') await assertOtherOwner(tx, member);
    if (role !== member.role) {
      assertMayGive(maker, { role, actions: null, storeIds: null });
      await tx.people.setRole(by.tenantId, id, role);
      await tx.audit.append(by, {
        atMs: clock.nowMs(),
        action: 'member.role_changed',
        subject: id,
        outcome: 'done',
        detail: { email: member.email, from: member.role, to: role },
      });
    }
    return presentMember({ ...member, role }, await tx.people.listGrants(by.tenantId, id), session);
  });
}

/** A tenant without an owner could never get one again. Throws `last_owner`. */
export async function assertOtherOwner(
  tx: Pick<Repositories, 'people'>,
  member: Pick<MemberRecord, 'tenantId' | 'role' | 'email' | 'isConfirmed'>,
): Promise<void> {
  if (member.role !== 'owner') return;
  const others = (await tx.people.countOwners(member.tenantId)) - (member.isConfirmed ? 1 : 0);
  if (others > 0) return;
  throw new AppError('last_owner', `${member.email} is the only owner. Make another member an owner first.`);
}
