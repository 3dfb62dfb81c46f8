import { and, desc, eq, gt, inArray, lt } from 'drizzle-orm';
import type { Handle } from '../../connect.ts';
import { authAccount, authSession, authUser } from '../../schema/index.ts';

export type UserRow = typeof authUser.$inferSelect;
export type SessionRow = typeof authSession.$inferSelect;

/** A session with its user and the member they are in its tenant. */
export interface SessionRecord {
  readonly id: string;
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly expiresAtMs: number;
  /** Rounded to the hour. */
  readonly seenAtMs: number;
  /** Null: the user is in no tenant, or no longer in that one. */
  readonly place: {
    readonly id: string;
    readonly name: string;
    readonly memberId: string;
    readonly role: 'viewer' | 'editor' | 'admin' | 'owner';
  } | null;
}

/** Read at each request, so it is prepared once. */
const FIND_SESSION = `
  select s.id, s.user_id, u.email, u.name, s.expires_at_ms, s.updated_at_ms, t.id, t.name, m.id, m.role
    from auth_session s
    join auth_user u on u.id = s.user_id
    left join member m on m.user_id = s.user_id and m.tenant_id = s.tenant_id and m.is_confirmed = 1
    left join tenant t on t.id = m.tenant_id
   where s.token = ?`;

type Place = NonNullable<SessionRecord['place']>;
type FoundSession = [
  string,
  string,
  string,
  string,
  number,
  number,
  ...([string, string, string, Place['role']] | [null, null, null, null]),
];

/** Users and their sessions. What better-auth writes itself goes through `createAuthStore`. */
export function createAccountRepository({ orm, statement }: Handle) {
  return {
    /** Whether any account exists. */
    async hasAny(): Promise<boolean> {
      return (await orm.select({ id: authUser.id }).from(authUser).limit(1)).length > 0;
    },
    async find(userId: string): Promise<UserRow | undefined> {
      return (await orm.select().from(authUser).where(eq(authUser.id, userId)).limit(1))[0];
    },
    /** By an e-mail address in lower case, with the hash of the password; null: the user has none. */
    async findByEmail(email: string): Promise<{ user: UserRow; passwordHash: string | null } | undefined> {
      const rows = await orm
        .select({ user: authUser, passwordHash: authAccount.password })
        .from(authUser)
        .leftJoin(authAccount, and(eq(authAccount.userId, authUser.id), eq(authAccount.providerId, 'credential')))
        .where(eq(authUser.email, email))
        .limit(1);
      return rows[0];
    },
    /** The user of a sign-in method. */
    async findByProvider(providerId: string, accountId: string): Promise<UserRow | undefined> {
      const rows = await orm
        .select({ user: authUser })
        .from(authAccount)
        .innerJoin(authUser, eq(authUser.id, authAccount.userId))
        .where(and(eq(authAccount.providerId, providerId), eq(authAccount.accountId, accountId)))
        .limit(1);
      return rows[0]?.user;
    },
    /** The sign-in methods of a user. */
    async providersOf(userId: string): Promise<string[]> {
      const rows = await orm
        .select({ providerId: authAccount.providerId })
        .from(authAccount)
        .where(eq(authAccount.userId, userId));
      return rows.map(({ providerId }) => providerId);
    },
    /** Removes sign-in methods; returns whether there was any. */
    async removeProviders(userId: string, providerIds: readonly string[]): Promise<boolean> {
      const ofUser = and(eq(authAccount.userId, userId), inArray(authAccount.providerId, [...providerIds]));
      return (await orm.delete(authAccount).where(ofUser).returning({ id: authAccount.id })).length > 0;
    },
    async markVerified(userId: string): Promise<void> {
      await orm.update(authUser).set({ emailVerified: true }).where(eq(authUser.id, userId));
    },
    async findSession(token: string): Promise<SessionRecord | undefined> {
      const row = statement(FIND_SESSION).raw().get(token) as FoundSession | undefined;
      if (row === undefined) return undefined;
      const [id, userId, email, name, expiresAtMs, seenAtMs, tenantId, tenantName, memberId, role] = row;
      const place = tenantId === null ? null : { id: tenantId, name: tenantName, memberId, role };
      return { id, userId, email, name, expiresAtMs, seenAtMs, place };
    },
    /** The stores in which a member has a higher role. */
    async grantsOf(tenantId: string, memberId: string): Promise<{ storeId: string; role: 'viewer' | 'editor' }[]> {
      const rows = statement(
        'select store_id, role from store_grant where tenant_id = ? and member_id = ? order by store_id',
      )
        .raw()
        .all(tenantId, memberId) as [string, 'viewer' | 'editor'][];
      return rows.map(([storeId, role]) => ({ storeId, role }));
    },
    /** Sessions that have not ended, the one seen last first. */
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
    /** Ends every session of a user, or those in one tenant. Returns how many there were. */
    async endSessions(userId: string, tenantId?: string): Promise<number> {
      const ofUser = eq(authSession.userId, userId);
      const ended = await orm
        .delete(authSession)
        .where(tenantId === undefined ? ofUser : and(ofUser, eq(authSession.tenantId, tenantId)))
        .returning({ id: authSession.id });
      return ended.length;
    },
    /** Deletes expired sessions, so that their number is bounded by how often users sign in. */
    async removeEndedSessions(userId: string, now: Date): Promise<void> {
      await orm.delete(authSession).where(and(eq(authSession.userId, userId), lt(authSession.expiresAt, now)));
    },
  };
}
