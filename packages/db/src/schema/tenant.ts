import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** The hard partition: every other row names its tenant. */
export const tenant = sqliteTable('tenant', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  createdAtMs: integer('created_at_ms').notNull(),
});

/** A tenant's settings, by name; what is not here has its default. */
export const setting = sqliteTable(
  'setting',
  {
    tenantId: text('tenant_id').notNull(),
    name: text('name').notNull(),
    value: text('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.name] })],
);
