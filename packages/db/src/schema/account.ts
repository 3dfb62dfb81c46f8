import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

const instant = (name: string) => integer(name, { mode: 'timestamp_ms' });
const ROLE_NAMES = ['viewer', 'editor', 'admin', 'owner'] as const;

// The first three tables are better-auth's: it defines their fields, and uses dates for instants.

/** A user, who may be in several tenants. */
export const authUser = sqliteTable('auth_user', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
  /**
   * The user proved that the address is theirs: by the first set-up of this installation, or through the OIDC issuer.
   */
  emailVerified: integer('email_verified', { mode: 'boolean' }).notNull().default(false),
  image: text('image'),
  createdAt: instant('created_at_ms').notNull(),
  updatedAt: instant('updated_at_ms').notNull(),
});

/** A signed-in browser. The cookie is the token and a signature that the database does not have. */
export const authSession = sqliteTable(
  'auth_session',
  {
    id: text('id').primaryKey(),
    token: text('token').notNull().unique(),
    userId: text('user_id').notNull(),
    expiresAt: instant('expires_at_ms').notNull(),
    createdAt: instant('created_at_ms').notNull(),
    /** Last seen, rounded to the hour. */
    updatedAt: instant('updated_at_ms').notNull(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    /** The user's current tenant; null: none yet. */
    tenantId: text('tenant_id'),
  },
  (t) => [index('auth_session_by_user').on(t.userId)],
);

/**
 * A sign-in method: a password (`credential`, a salted scrypt hash) or an account at an OIDC issuer (`oidc <issuer>`).
 */
export const authAccount = sqliteTable(
  'auth_account',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id').notNull(),
    providerId: text('provider_id').notNull(),
    userId: text('user_id').notNull(),
    password: text('password'),
    createdAt: instant('created_at_ms').notNull(),
    updatedAt: instant('updated_at_ms').notNull(),
  },
  (t) => [
    index('auth_account_by_user').on(t.userId),
    uniqueIndex('auth_account_by_provider').on(t.providerId, t.accountId),
  ],
);

/** A user in a tenant. */
export const member = sqliteTable(
  'member',
  {
    tenantId: text('tenant_id').notNull(),
    id: text('id').notNull(),
    userId: text('user_id').notNull(),
    role: text('role', { enum: ROLE_NAMES }).notNull(),
    /**
     * False: joined before the user proved that the address is theirs. The membership has no effect until they confirm
     * it.
     */
    isConfirmed: integer('is_confirmed', { mode: 'boolean' }).notNull().default(true),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), uniqueIndex('member_by_user').on(t.userId, t.tenantId)],
);

/** An invitation. The row is deleted when it is accepted or withdrawn. */
export const invitation = sqliteTable(
  'invitation',
  {
    tenantId: text('tenant_id').notNull(),
    id: text('id').notNull(),
    email: text('email').notNull(),
    role: text('role', { enum: ROLE_NAMES }).notNull(),
    /** SHA-256 of the token, which has 192 random bits. */
    hash: text('hash').notNull(),
    invitedBy: text('invited_by').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    uniqueIndex('invitation_hash').on(t.hash),
    uniqueIndex('invitation_by_email').on(t.tenantId, t.email),
    index('invitation_of_email').on(t.email),
  ],
);

/** A higher role of a member in one store. */
export const storeGrant = sqliteTable(
  'store_grant',
  {
    tenantId: text('tenant_id').notNull(),
    memberId: text('member_id').notNull(),
    storeId: text('store_id').notNull(),
    role: text('role', { enum: ['viewer', 'editor'] }).notNull(),
    grantedBy: text('granted_by').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.memberId, t.storeId] })],
);
