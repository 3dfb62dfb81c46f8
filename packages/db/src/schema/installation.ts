import { sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What is known of this installation as a whole, of no tenant: JSON by name. */
export const installationFact = sqliteTable('installation_fact', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});
