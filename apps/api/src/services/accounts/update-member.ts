import type { Member } from '@espejo/contracts';
import { AppError, type Authorized, type Role } from '@espejo/core';
import type { MemberRecord, Repositories } from '@espejo/db';
import type { AccountDeps } from './account-deps.ts';
import type { UserSession } from './find-user-session.ts';
import { findMember, presentMember } from './list-members.ts';

/** Changes what a member may do, from their next request on. Throws `member_not_found` and `last_owner`. */
export async function updateMember(
  { db, clock }: Pick<AccountDeps, 'db' | 'clock'>,
  input: {
    readonly by: Authorized<'own'>;
    readonly id: string;
    readonly role: Role;
    readonly session: UserSession | null;
  },
): Promise<Member> {
  const { by, id, role, session } = input;
  return db.transaction(async (tx) => {
    const member = await findMember(tx, by.tenantId, id);
    if (role !== 'owner') await assertOtherOwner(tx, member);
    if (role !== member.role) {
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
export async function assertOtherOwner(tx: Pick<Repositories, 'people'>, member: MemberRecord): Promise<void> {
  if (member.role !== 'owner' || (await tx.people.countOwners(member.tenantId)) > 1) return;
  throw new AppError('last_owner', `${member.email} is the only owner. Make somebody else an owner first.`);
}
