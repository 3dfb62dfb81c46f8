import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What a connection's mirror contained when a sync of it succeeded. Thinned with age, so a connection has a few hundred. */
export const storageSnapshot = sqliteTable(
  'storage_snapshot',
  {
    tenantId: text('tenant_id').notNull(),
    connectionId: text('connection_id').notNull(),
    takenAtMs: integer('taken_at_ms').notNull(),
    storeCount: integer('store_count').notNull(),
    fileCount: integer('file_count').notNull(),
    usageBytes: integer('usage_bytes').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.connectionId, t.takenAtMs] })],
);
