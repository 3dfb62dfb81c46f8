import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Which stores an agent searches. An agent exists as long as it has a binding. A binding outlives its store on purpose,
 * so that the loss of a store is visible.
 */
export const agentVectorStore = sqliteTable(
  'agent_vector_stores',
  {
    tenantId: text('tenant_id').notNull(),
    agentKey: text('agent_key').notNull(),
    vectorStoreId: text('vector_store_id').notNull(),
    /** The store's name when it was bound, for display when the store is gone. */
    storeName: text('store_name'),
    mode: text('mode', { enum: ['required', 'default'] }).notNull(),
    /** File-search options. */
    options: text('options').notNull(),
    /** From 0, in the agent's order. */
    position: integer('position').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    updatedAtMs: integer('updated_at_ms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.agentKey, t.vectorStoreId] }),
    index('agent_vector_stores_by_store').on(t.tenantId, t.vectorStoreId, t.agentKey),
  ],
);
