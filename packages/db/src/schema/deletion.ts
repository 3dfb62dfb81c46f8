import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A deletion plan that was shown, stored by its hash until it is used or removed. */
export const deletionPlan = sqliteTable(
  'deletion_plan',
  {
    tenantId: text('tenant_id').notNull(),
    hash: text('hash').notNull(),
    /** What was requested, so that the plan can be made again from the live upstream. */
    request: text('request').notNull(),
    decision: text('decision').notNull(),
    plan: text('plan').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.hash] })],
);

/** A durable deletion: the intent, committed before the first remote call. */
export const deletion = sqliteTable(
  'deletion',
  {
    tenantId: text('tenant_id').notNull(),
    id: text('id').notNull(),
    planHash: text('plan_hash').notNull(),
    status: text('status', { enum: ['waiting', 'running', 'succeeded', 'parked', 'cancelled'] }).notNull(),
    title: text('title').notNull(),
    actor: text('actor').notNull(),
    trigger: text('trigger', { enum: ['person', 'expiry', 'trash', 'api'] }).notNull(),
    files: text('files', { enum: ['delete', 'keep'] }).notNull(),
    counts: text('counts').notNull(),
    usageBytes: integer('usage_bytes').notNull(),
    savingsUsd: text('savings_usd').notNull(),
    message: text('message'),
    isCancelRequested: integer('is_cancel_requested', { mode: 'boolean' }).notNull().default(false),
    createdAtMs: integer('created_at_ms').notNull(),
    startedAtMs: integer('started_at_ms'),
    finishedAtMs: integer('finished_at_ms'),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index('deletion_by_created').on(t.tenantId, t.createdAtMs, t.id),
    index('deletion_open').on(t.tenantId).where(sql`status in ('waiting', 'running')`),
  ],
);

/** One remote or local step of a deletion. Its snapshot keeps the details of what was deleted. */
export const deletionStep = sqliteTable(
  'deletion_step',
  {
    tenantId: text('tenant_id').notNull(),
    deletionId: text('deletion_id').notNull(),
    seq: integer('seq').notNull(),
    /** Null: primary, nothing to do upstream. */
    connectionId: text('connection_id'),
    /** The upstream that the plan was read from: a 404 of another project is no success. */
    upstreamIdentity: text('upstream_identity'),
    kind: text('kind', { enum: ['detach', 'delete_file', 'delete_store'] }).notNull(),
    storeId: text('store_id'),
    fileId: text('file_id'),
    name: text('name'),
    state: text('state', { enum: ['pending', 'done', 'parked', 'cancelled'] }).notNull(),
    attempts: integer('attempts').notNull().default(0),
    reason: text('reason'),
    finishedAtMs: integer('finished_at_ms'),
    snapshot: text('snapshot'),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.deletionId, t.seq] }),
    // Progress counts the steps of a deletion again and again, without reading their snapshots.
    index('deletion_step_state').on(t.tenantId, t.deletionId, t.state),
    index('deletion_step_pending').on(t.tenantId, t.connectionId).where(sql`state = 'pending'`),
  ],
);

/** The audit log: each entry is written in the transaction that made the change. */
export const auditEvent = sqliteTable(
  'audit_event',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    tenantId: text('tenant_id').notNull(),
    atMs: integer('at_ms').notNull(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    outcome: text('outcome').notNull(),
    detail: text('detail'),
    /** The id of the request, as in its response and the log; null: made by a job. */
    requestId: text('request_id'),
    /** The client address of that request. */
    address: text('address'),
  },
  (t) => [
    index('audit_event_by_time').on(t.tenantId, t.atMs),
    index('audit_event_by_subject').on(t.tenantId, t.subject),
  ],
);
