import type { Member } from '@espejo/contracts';
import { AppError } from '@espejo/core';
import type { MemberRecord, Repositories, StoreGrantRow } from '@espejo/db';
import { toSeconds } from '../sync/present-run.ts';
import type { AccountDeps } from './account-deps.ts';
import type { UserSession } from './find-user-session.ts';

/** The people of a tenant, whoever joined first first. */
export async function listMembers(
  { db }: Pick<AccountDeps, 'db'>,
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
  const { id, userId, email, name, role, createdAtMs, lastSeenAt } = member;
  return {
    id,
    user: { id: userId, email, name },
    role,
    grants: grants.map(({ storeId, role: granted }) => ({ storeId, role: granted })),
    joinedAt: toSeconds(createdAtMs),
    lastSeenAt: lastSeenAt === null ? null : toSeconds(lastSeenAt.getTime()),
    isYou: userId === session?.userId,
  };
}
