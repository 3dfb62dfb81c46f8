import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * The former place of a deleted row in its list, kept for a day: a client that pages through a list and deletes what it
 * reads can continue from a deleted cursor. Written by triggers, so that every deletion is covered.
 */
export const vanishedRow = sqliteTable(
  'vanished_row',
  {
    tenantId: text('tenant_id').notNull(),
    /** `vector_store`, `file`, or the id of the store whose files are listed. */
    list: text('list').notNull(),
    id: text('id').notNull(),
    createdAtS: integer('created_at_s').notNull(),
    seq: integer('seq').notNull(),
    vanishedAtS: integer('vanished_at_s').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.list, t.id] }), index('vanished_row_age').on(t.vanishedAtS)],
);
