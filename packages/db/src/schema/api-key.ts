import { integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** An API key of this installation. Only a hash of it is stored, by which it is found. */
export const apiKey = sqliteTable(
  'api_key',
  {
    tenantId: text('tenant_id').notNull(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    role: text('role', { enum: ['viewer', 'editor', 'admin', 'owner'] }).notNull(),
    /** JSON list of the actions it is limited to; null: all of its role. */
    actions: text('actions'),
    /** JSON list of the stores it is limited to; null: all of the tenant's. */
    storeIds: text('store_ids'),
    /** SHA-256 of the whole key. A key has 190 random bits, so nothing slower is needed. */
    hash: text('hash').notNull(),
    /** The first characters, so that a user can tell keys apart. */
    prefix: text('prefix').notNull(),
    createdBy: text('created_by').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    expiresAtMs: integer('expires_at_ms'),
    lastUsedAtMs: integer('last_used_at_ms'),
    revokedAtMs: integer('revoked_at_ms'),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), uniqueIndex('api_key_hash').on(t.hash)],
);
