import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Where a row stood in its list before it was deleted, kept for a day: whoever pages through a list and deletes what they read
 * goes on behind the row their cursor names. Written by triggers, so that no way of deleting forgets it.
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
