import { and, asc, desc, eq, gt, lt } from 'drizzle-orm';
import type { Handle } from '../connect.ts';
import { authAccount, authSession, authUser, member, storeGrant, tenant } from '../schema/index.ts';

export type UserRow = typeof authUser.$inferSelect;
export type SessionRow = typeof authSession.$inferSelect;

/** A session with whose it is, and what they are where they work. */
export interface SessionRecord {
  readonly session: SessionRow;
  readonly user: UserRow;
  /** Null: they are in no tenant, or no longer in that one. */
  readonly membership: {
    readonly memberId: string;
    readonly tenantId: string;
    readonly tenantName: string;
    readonly role: 'viewer' | 'editor' | 'admin' | 'owner';
  } | null;
}

/** People and their sessions. What better-auth writes itself goes through `createAuthStore`. */
export function createAccountRepository({ orm }: Handle) {
  return {
    /** Whether anybody can sign in yet. */
    async hasAny(): Promise<boolean> {
      return (await orm.select({ id: authUser.id }).from(authUser).limit(1)).length > 0;
    },
    async find(userId: string): Promise<UserRow | undefined> {
      return (await orm.select().from(authUser).where(eq(authUser.id, userId)).limit(1))[0];
    },
    /** By an address in lower case, with the hash of their password; null: they have none. */
    async findByEmail(email: string): Promise<{ user: UserRow; passwordHash: string | null } | undefined> {
      const rows = await orm
        .select({ user: authUser, passwordHash: authAccount.password })
        .from(authUser)
        .leftJoin(authAccount, and(eq(authAccount.userId, authUser.id), eq(authAccount.providerId, 'credential')))
        .where(eq(authUser.email, email))
        .limit(1);
      return rows[0];
    },
    async findSession(token: string): Promise<SessionRecord | undefined> {
      const [row] = await orm
        .select({
          session: authSession,
          user: authUser,
          memberId: member.id,
          role: member.role,
          tenantId: tenant.id,
          tenantName: tenant.name,
        })
        .from(authSession)
        .innerJoin(authUser, eq(authUser.id, authSession.userId))
        .leftJoin(member, and(eq(member.userId, authSession.userId), eq(member.tenantId, authSession.tenantId)))
        .leftJoin(tenant, eq(tenant.id, member.tenantId))
        .where(eq(authSession.token, token))
        .limit(1);
      if (row === undefined) return undefined;
      const { session, user, memberId, role, tenantId, tenantName } = row;
      const isMember = memberId !== null && role !== null && tenantId !== null && tenantName !== null;
      return { session, user, membership: isMember ? { memberId, role, tenantId, tenantName } : null };
    },
    /** The stores in which a member may do more. */
    async grantsOf(tenantId: string, memberId: string): Promise<{ storeId: string; role: 'viewer' | 'editor' }[]> {
      return orm
        .select({ storeId: storeGrant.storeId, role: storeGrant.role })
        .from(storeGrant)
        .where(and(eq(storeGrant.tenantId, tenantId), eq(storeGrant.memberId, memberId)))
        .orderBy(asc(storeGrant.storeId));
    },
    /** Those that have not ended, the one seen last first. */
    async listSessions(userId: string, now: Date): Promise<SessionRow[]> {
      return orm
        .select()
        .from(authSession)
        .where(and(eq(authSession.userId, userId), gt(authSession.expiresAt, now)))
        .orderBy(desc(authSession.updatedAt), desc(authSession.id));
    },
    async touchSession(id: string, now: Date): Promise<void> {
      await orm
        .update(authSession)
        .set({ updatedAt: now })
        .where(and(eq(authSession.id, id), lt(authSession.updatedAt, now)));
    },
    async moveSession(id: string, tenantId: string): Promise<void> {
      await orm.update(authSession).set({ tenantId }).where(eq(authSession.id, id));
    },
    async endSession(id: string): Promise<void> {
      await orm.delete(authSession).where(eq(authSession.id, id));
    },
    /** Every session of a person; with a tenant, those in it. */
    async endSessions(userId: string, tenantId?: string): Promise<void> {
      const ofUser = eq(authSession.userId, userId);
      await orm
        .delete(authSession)
        .where(tenantId === undefined ? ofUser : and(ofUser, eq(authSession.tenantId, tenantId)));
    },
    /** Forgets sessions that ended by themselves, so that their number stays bounded by how often people sign in. */
    async removeEndedSessions(userId: string, now: Date): Promise<void> {
      await orm.delete(authSession).where(and(eq(authSession.userId, userId), lt(authSession.expiresAt, now)));
    },
  };
}
