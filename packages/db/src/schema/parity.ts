import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A parity run: the same queries on two stores at one time, and how much the results agree. */
export const parityRun = sqliteTable(
  'parity_run',
  {
    tenantId: text('tenant_id').notNull(),
    id: text('id').notNull(),
    leftStoreId: text('left_store_id').notNull(),
    rightStoreId: text('right_store_id').notNull(),
    /** How many files of each result are compared. */
    depth: integer('depth').notNull(),
    queryCount: integer('query_count').notNull(),
    meanOverlap: real('mean_overlap').notNull(),
    /** Null: no query had two files in common. */
    meanRankCorrelation: real('mean_rank_correlation'),
    /** Each query with both results. */
    queries: text('queries').notNull(),
    actor: text('actor').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index('parity_run_by_pair').on(t.tenantId, t.leftStoreId, t.rightStoreId, t.createdAtMs),
  ],
);
