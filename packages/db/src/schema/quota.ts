import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What the operator of this installation offers its tenants. The plan `unlimited` is built in and has no row. */
export const plan = sqliteTable('plan', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** JSON. */
  limits: text('limits').notNull(),
  createdAtMs: integer('created_at_ms').notNull(),
  updatedAtMs: integer('updated_at_ms').notNull(),
});

/** The plan of a tenant, with what is different for that tenant alone. A tenant without a row has `unlimited`. */
export const tenantPlan = sqliteTable(
  'tenant_plan',
  {
    tenantId: text('tenant_id').primaryKey(),
    planId: text('plan_id').notNull(),
    /** JSON: the limits that are set for this tenant, in place of the plan's. */
    overrides: text('overrides').notNull(),
    updatedAtMs: integer('updated_at_ms').notNull(),
  },
  (t) => [index('tenant_plan_by_plan').on(t.planId)],
);

/** What a tenant has used up on a day, counted from 1 January 1970, UTC. */
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
