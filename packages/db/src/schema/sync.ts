import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** One pass of reconcile for one connection. */
export const syncRun = sqliteTable(
  'sync_run',
  {
    tenantId: text('tenant_id').notNull(),
    id: text('id').notNull(),
    connectionId: text('connection_id').notNull(),
    trigger: text('trigger', { enum: ['schedule', 'manual', 'startup', 'approval', 'recovery'] }).notNull(),
    isDryRun: integer('is_dry_run', { mode: 'boolean' }).notNull(),
    isFull: integer('is_full', { mode: 'boolean' }).notNull(),
    status: text('status', {
      enum: ['running', 'succeeded', 'partial', 'failed', 'cancelled', 'needs_review'],
    }).notNull(),
    startedAtMs: integer('started_at_ms').notNull(),
    finishedAtMs: integer('finished_at_ms'),
    requestCount: integer('request_count').notNull().default(0),
    rateLimitedCount: integer('rate_limited_count').notNull().default(0),
    isComplete: integer('is_complete', { mode: 'boolean' }).notNull().default(false),
    isCancelRequested: integer('is_cancel_requested', { mode: 'boolean' }).notNull().default(false),
    progress: text('progress').notNull(),
    counters: text('counters').notNull(),
    plan: text('plan'),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    approvedAtMs: integer('approved_at_ms'),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index('sync_run_by_start').on(t.tenantId, t.startedAtMs, t.id),
    index('sync_run_by_connection').on(t.tenantId, t.connectionId, t.startedAtMs, t.id),
    index('sync_run_by_status').on(t.tenantId, t.status),
  ],
);

/** The changes that a run found in one store (or, with an empty store id, in the project's file list). */
export const syncChange = sqliteTable(
  'sync_change',
  {
    tenantId: text('tenant_id').notNull(),
    runId: text('run_id').notNull(),
    storeId: text('store_id').notNull(),
    connectionId: text('connection_id').notNull(),
    /** A dry run's changes show on the run, never in a store's history. */
    isDryRun: integer('is_dry_run', { mode: 'boolean' }).notNull(),
    atMs: integer('at_ms').notNull(),
    storeName: text('store_name'),
    action: text('action', { enum: ['added', 'changed', 'missing', 'returned', 'removed', 'failed'] }).notNull(),
    fields: text('fields').notNull(),
    filesAdded: integer('files_added').notNull(),
    filesChanged: integer('files_changed').notNull(),
    filesRemoved: integer('files_removed').notNull(),
    filesMissing: integer('files_missing').notNull(),
    fileIds: text('file_ids').notNull(),
    message: text('message'),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.runId, t.storeId] }),
    index('sync_change_by_store').on(t.tenantId, t.storeId, t.atMs),
  ],
);

/** The removals of a run that waits for a person: what an approval approves, item by item. */
export const syncRemoval = sqliteTable(
  'sync_removal',
  {
    tenantId: text('tenant_id').notNull(),
    runId: text('run_id').notNull(),
    kind: text('kind', { enum: ['vector_stores', 'attachments', 'files'] }).notNull(),
    /** A store's or file's id; for an attachment `store/file`. */
    itemId: text('item_id').notNull(),
    name: text('name'),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.runId, t.kind, t.itemId] })],
);

/**
 * Which process may act on a resource now. `fence` increases with every new owner, so that a late writer is recognised.
 */
export const lease = sqliteTable(
  'lease',
  {
    tenantId: text('tenant_id').notNull(),
    name: text('name').notNull(),
    owner: text('owner').notNull(),
    fence: integer('fence').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.name] })],
);

/**
 * Exists only inside a transaction that may write mirrored rows of this connection: inserted at its start, deleted
 * before it commits, so it is never visible to others. The triggers check for it.
 */
export const mirrorWritePermit = sqliteTable(
  'mirror_write_permit',
  { tenantId: text('tenant_id').notNull(), connectionId: text('connection_id').notNull() },
  (t) => [primaryKey({ columns: [t.tenantId, t.connectionId] })],
);
