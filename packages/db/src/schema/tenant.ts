import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** The hard partition: every other row names its tenant. */
export const tenant = sqliteTable('tenant', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  createdAtMs: integer('created_at_ms').notNull(),
});
