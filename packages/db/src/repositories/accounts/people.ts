import { and, asc, count, desc, eq, gt, max } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { authSession, authUser, invitation, member, storeGrant, tenant, vectorStore } from '../../schema/index.ts';

export type MemberRow = typeof member.$inferSelect;
export type InvitationRow = typeof invitation.$inferSelect;
export type StoreGrantRow = typeof storeGrant.$inferSelect;

export interface MemberRecord extends MemberRow {
  readonly email: string;
  readonly name: string;
  readonly lastSeenAt: Date | null;
}

/** Members of tenants, and invitations. */
export function createPeopleRepository({ orm }: Handle) {
  const memberIs = (tenantId: string, id: string) => and(eq(member.tenantId, tenantId), eq(member.id, id));
  const invitationIs = (tenantId: string, id: string) => and(eq(invitation.tenantId, tenantId), eq(invitation.id, id));
  const grantIs = (tenantId: string, memberId: string, storeId: string) =>
    and(eq(storeGrant.tenantId, tenantId), eq(storeGrant.memberId, memberId), eq(storeGrant.storeId, storeId));
  const records = () =>
    orm
      .select({
        tenantId: member.tenantId,
        id: member.id,
        userId: member.userId,
        role: member.role,
        isConfirmed: member.isConfirmed,
        createdAtMs: member.createdAtMs,
        email: authUser.email,
        name: authUser.name,
        lastSeenAt: max(authSession.updatedAt),
      })
      .from(member)
      .innerJoin(authUser, eq(authUser.id, member.userId))
      .leftJoin(authSession, and(eq(authSession.userId, member.userId), eq(authSession.tenantId, member.tenantId)))
      .groupBy(member.tenantId, member.id);

  return {
    async addMember(row: typeof member.$inferInsert): Promise<void> {
      await orm.insert(member).values(row);
    },
    async findMember(tenantId: string, id: string): Promise<MemberRecord | undefined> {
      return (await records().where(memberIs(tenantId, id)))[0];
    },
    async findMemberOfUser(tenantId: string, userId: string): Promise<MemberRow | undefined> {
      const rows = await orm
        .select()
        .from(member)
        .where(and(eq(member.userId, userId), eq(member.tenantId, tenantId)))
        .limit(1);
      return rows[0];
    },
    /** The oldest first. */
    async listMembers(tenantId: string): Promise<MemberRecord[]> {
      return records().where(eq(member.tenantId, tenantId)).orderBy(asc(member.createdAtMs), asc(member.id));
    },
    /** Owners who have confirmed their membership. */
    async countOwners(tenantId: string): Promise<number> {
      const rows = await orm
        .select({ owners: count() })
        .from(member)
        .where(and(eq(member.tenantId, tenantId), eq(member.role, 'owner'), eq(member.isConfirmed, true)));
      return rows[0]?.owners ?? 0;
    },
    async setRole(tenantId: string, id: string, role: MemberRow['role']): Promise<void> {
      await orm.update(member).set({ role }).where(memberIs(tenantId, id));
    },
    /** The user has confirmed the membership. */
    async confirmMember(tenantId: string, id: string): Promise<void> {
      await orm.update(member).set({ isConfirmed: true }).where(memberIs(tenantId, id));
    },
    /** Marks every membership of a user as unconfirmed, so that none counts until they confirm it. */
    async unconfirmMemberships(userId: string): Promise<void> {
      await orm.update(member).set({ isConfirmed: false }).where(eq(member.userId, userId));
    },
    /** Memberships that a user has not confirmed, the oldest first. */
    async listUnconfirmed(userId: string): Promise<(MemberRow & { readonly tenantName: string })[]> {
      const rows = await orm
        .select({ member, tenantName: tenant.name })
        .from(member)
        .innerJoin(tenant, eq(tenant.id, member.tenantId))
        .where(and(eq(member.userId, userId), eq(member.isConfirmed, false)))
        .orderBy(asc(member.createdAtMs), asc(member.tenantId));
      return rows.map((row) => ({ ...row.member, tenantName: row.tenantName }));
    },
    /** Also removes the member's grants. */
    async removeMember(tenantId: string, id: string): Promise<void> {
      await orm.delete(storeGrant).where(and(eq(storeGrant.tenantId, tenantId), eq(storeGrant.memberId, id)));
      await orm.delete(member).where(memberIs(tenantId, id));
    },
    /** Every tenant of which a user is a confirmed member, the one joined first first. */
    async tenantsOf(userId: string): Promise<{ id: string; name: string; role: MemberRow['role'] }[]> {
      return orm
        .select({ id: tenant.id, name: tenant.name, role: member.role })
        .from(member)
        .innerJoin(tenant, eq(tenant.id, member.tenantId))
        .where(and(eq(member.userId, userId), eq(member.isConfirmed, true)))
        .orderBy(asc(member.createdAtMs), asc(tenant.id));
    },
    async findTenant(id: string): Promise<{ id: string; name: string } | undefined> {
      const rows = await orm
        .select({ id: tenant.id, name: tenant.name })
        .from(tenant)
        .where(eq(tenant.id, id))
        .limit(1);
      return rows[0];
    },
    /** Every tenant with the number of its members, the oldest first. */
    async listTenants(): Promise<{ id: string; name: string; createdAtMs: number; memberCount: number }[]> {
      return orm
        .select({ id: tenant.id, name: tenant.name, createdAtMs: tenant.createdAtMs, memberCount: count(member.id) })
        .from(tenant)
        .leftJoin(member, eq(member.tenantId, tenant.id))
        .groupBy(tenant.id)
        .orderBy(asc(tenant.createdAtMs), asc(tenant.id));
    },

    /** Replaces an earlier one to the same address. */
    async putInvitation(row: InvitationRow): Promise<void> {
      await orm.delete(invitation).where(and(eq(invitation.tenantId, row.tenantId), eq(invitation.email, row.email)));
      await orm.insert(invitation).values(row);
    },
    async findInvitation(tenantId: string, id: string): Promise<InvitationRow | undefined> {
      return (await orm.select().from(invitation).where(invitationIs(tenantId, id)).limit(1))[0];
    },
    /** A token does not name its tenant, so the hash alone finds it. */
    async findInvitationByHash(hash: string): Promise<(InvitationRow & { tenantName: string }) | undefined> {
      const [row] = await orm
        .select({ invitation, tenantName: tenant.name })
        .from(invitation)
        .innerJoin(tenant, eq(tenant.id, invitation.tenantId))
        .where(eq(invitation.hash, hash))
        .limit(1);
      return row && { ...row.invitation, tenantName: row.tenantName };
    },
    /** Invitations to an address that have not expired, the oldest first. */
    async listInvitationsTo(
      email: string,
      nowMs: number,
    ): Promise<(InvitationRow & { readonly tenantName: string })[]> {
      const rows = await orm
        .select({ invitation, tenantName: tenant.name })
        .from(invitation)
        .innerJoin(tenant, eq(tenant.id, invitation.tenantId))
        .where(and(eq(invitation.email, email), gt(invitation.expiresAtMs, nowMs)))
        .orderBy(asc(invitation.createdAtMs), asc(invitation.id));
      return rows.map((row) => ({ ...row.invitation, tenantName: row.tenantName }));
    },
    /** The newest first. */
    async listInvitations(tenantId: string): Promise<InvitationRow[]> {
      return orm
        .select()
        .from(invitation)
        .where(eq(invitation.tenantId, tenantId))
        .orderBy(desc(invitation.createdAtMs), desc(invitation.id));
    },
    async removeInvitation(tenantId: string, id: string): Promise<void> {
      await orm.delete(invitation).where(invitationIs(tenantId, id));
    },

    async putGrant(row: StoreGrantRow): Promise<void> {
      const { role, grantedBy, createdAtMs } = row;
      await orm
        .insert(storeGrant)
        .values(row)
        .onConflictDoUpdate({
          target: [storeGrant.tenantId, storeGrant.memberId, storeGrant.storeId],
          set: { role, grantedBy, createdAtMs },
        });
    },
    async findGrant(tenantId: string, memberId: string, storeId: string): Promise<StoreGrantRow | undefined> {
      return (
        await orm
          .select()
          .from(storeGrant)
          .where(grantIs(tenantId, memberId, storeId))
          .limit(1)
      )[0];
    },
    async removeGrant(tenantId: string, memberId: string, storeId: string): Promise<void> {
      await orm.delete(storeGrant).where(grantIs(tenantId, memberId, storeId));
    },
    /** Of one member, or of all; by store. */
    async listGrants(
      tenantId: string,
      memberId?: string,
    ): Promise<(StoreGrantRow & { readonly storeName: string | null })[]> {
      const rows = await orm
        .select({ grant: storeGrant, storeName: vectorStore.name })
        .from(storeGrant)
        .leftJoin(
          vectorStore,
          and(eq(vectorStore.tenantId, storeGrant.tenantId), eq(vectorStore.id, storeGrant.storeId)),
        )
        .where(
          memberId === undefined
            ? eq(storeGrant.tenantId, tenantId)
            : and(eq(storeGrant.tenantId, tenantId), eq(storeGrant.memberId, memberId)),
        )
        .orderBy(asc(storeGrant.storeId));
      return rows.map(({ grant, storeName }) => ({ ...grant, storeName }));
    },
  };
}
