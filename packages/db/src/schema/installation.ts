import { sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Facts about the installation as a whole, not about a tenant: JSON by name. */
export const installationFact = sqliteTable('installation_fact', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});
