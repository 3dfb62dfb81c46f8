import { AppError, toSeconds } from '@espejo/core';
import type { MemberRecord, Repositories, StoreGrantRow } from '@espejo/db';
import type { AccountContext } from '../account-context.ts';
import type { UserSession } from '../session/find-user-session.ts';
import type { Member } from '../views.ts';

/** The members of a tenant, in the order they joined. */
export async function listMembers(
  { db }: Pick<AccountContext, 'db'>,
  { tenantId, session }: { readonly tenantId: string; readonly session: UserSession | null },
): Promise<{ data: Member[] }> {
  const members = await db.read.people.listMembers(tenantId);
  const grants = Map.groupBy(await db.read.people.listGrants(tenantId), ({ memberId }) => memberId);
  return { data: members.map((member) => presentMember(member, grants.get(member.id) ?? [], session)) };
}

/** Throws `member_not_found`. */
export async function findMember(
  read: Pick<Repositories, 'people'>,
  tenantId: string,
  id: string,
): Promise<MemberRecord> {
  const member = await read.people.findMember(tenantId, id);
  if (member === undefined) throw new AppError('member_not_found', `There is no member with id '${id}'.`);
  return member;
}

export function presentMember(
  member: MemberRecord,
  grants: readonly StoreGrantRow[],
  session: UserSession | null,
): Member {
  const { id, userId, email, name, role, isConfirmed, createdAtMs, lastSeenAt } = member;
  return {
    id,
    user: { id: userId, email, name },
    role,
    isConfirmed,
    grants: grants.map(({ storeId, role: granted }) => ({ storeId, role: granted })),
    joinedAt: toSeconds(createdAtMs),
    lastSeenAt: lastSeenAt === null ? null : toSeconds(lastSeenAt.getTime()),
    isYou: userId === session?.userId,
  };
}
