import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A file in no vector store that another tool of its project uses, according to the last read from upstream. */
export const toolUse = sqliteTable(
  'tool_use',
  {
    tenantId: text('tenant_id').notNull(),
    connectionId: text('connection_id').notNull(),
    fileId: text('file_id').notNull(),
    source: text('source', { enum: ['containers', 'assistants', 'threads'] }).notNull(),
    holderId: text('holder_id').notNull(),
    holderName: text('holder_name'),
    lastUsedAtS: integer('last_used_at_s'),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.connectionId, t.fileId, t.source, t.holderId] })],
);
