import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A tenant plan of this installation. The plan `unlimited` is built in and has no row. */
export const plan = sqliteTable('plan', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** JSON. */
  limits: text('limits').notNull(),
  createdAtMs: integer('created_at_ms').notNull(),
  updatedAtMs: integer('updated_at_ms').notNull(),
});

/** The plan of a tenant, with overrides for that tenant. A tenant without a row has `unlimited`. */
export const tenantPlan = sqliteTable(
  'tenant_plan',
  {
    tenantId: text('tenant_id').primaryKey(),
    planId: text('plan_id').notNull(),
    /** JSON: the limits of this tenant that replace those of the plan. */
    overrides: text('overrides').notNull(),
    updatedAtMs: integer('updated_at_ms').notNull(),
  },
  (t) => [index('tenant_plan_by_plan').on(t.planId)],
);

/** What a tenant has used on a day, counted from 1 January 1970, UTC. */
export const usageCounter = sqliteTable(
  'usage_counter',
  {
    tenantId: text('tenant_id').notNull(),
    name: text('name').notNull(),
    day: integer('day').notNull(),
    value: integer('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.day, t.name] })],
);
