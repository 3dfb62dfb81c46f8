import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * A durable copy of a store: a mirror adopted into a primary store, or a primary store published into an upstream
 * project.
 */
export const transfer = sqliteTable(
  'transfer',
  {
    tenantId: text('tenant_id').notNull(),
    id: text('id').notNull(),
    kind: text('kind', { enum: ['adopt', 'publish'] }).notNull(),
    status: text('status', { enum: ['running', 'parked', 'succeeded', 'cancelled'] }).notNull(),
    phase: text('phase', { enum: ['listing', 'copying', 'indexing', 'finishing', 'done'] }).notNull(),
    sourceStoreId: text('source_store_id').notNull(),
    sourceName: text('source_name'),
    /** The project that is read (adopt) or written (publish). */
    connectionId: text('connection_id').notNull(),
    /** Null until the store exists. */
    targetStoreId: text('target_store_id'),
    targetName: text('target_name'),
    /** The request to create the store was sent upstream, whether or not a response came. */
    isTargetRequested: integer('is_target_asked', { mode: 'boolean' }).notNull().default(false),
    /** Publishing: since when upstream has not found the store that it made; it may only lag. */
    targetMissingSinceMs: integer('target_missing_since_ms'),
    /** The metadata and expiry, in upstream's form, that the published store gets at the end. */
    finalFields: text('final_fields'),
    /** What the copy lacks compared with its source, in sentences. */
    notes: text('notes').notNull(),
    /** Why it waits or is parked. */
    reason: text('reason'),
    actor: text('actor').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    finishedAtMs: integer('finished_at_ms'),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index('transfer_by_created').on(t.tenantId, t.createdAtMs, t.id),
    index('transfer_by_source').on(t.tenantId, t.sourceStoreId),
    index('transfer_by_target').on(t.tenantId, t.targetStoreId),
    index('transfer_open').on(t.tenantId).where(sql`status = 'running'`),
  ],
);

/** A file of a transfer, and its state. */
export const transferItem = sqliteTable(
  'transfer_item',
  {
    tenantId: text('tenant_id').notNull(),
    transferId: text('transfer_id').notNull(),
    position: integer('position').notNull(),
    sourceFileId: text('source_file_id').notNull(),
    filename: text('filename').notNull(),
    attributes: text('attributes').notNull(),
    maxTokens: integer('max_tokens').notNull(),
    overlapTokens: integer('overlap_tokens').notNull(),
    state: text('state', {
      enum: ['pending', 'uploading', 'completing', 'uploaded', 'attached', 'taking_back', 'done', 'failed', 'skipped'],
    }).notNull(),
    /** Publishing: the upload of its bytes, recorded before the first of them is sent. */
    uploadId: text('upload_id'),
    /** Publishing: its parts, once all are uploaded. */
    partIds: text('part_ids'),
    /** Publishing: when the completion of the upload was requested; a file made since then is the result. */
    completingSinceS: integer('completing_since_s'),
    targetFileId: text('target_file_id'),
    /** Publishing: since when upstream has not found the file. A restart does not restart the wait. */
    missingSinceMs: integer('missing_since_ms'),
    reason: text('reason'),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.transferId, t.position] }),
    index('transfer_item_by_state').on(t.tenantId, t.transferId, t.state, t.position),
    index('transfer_item_by_target').on(t.tenantId, t.targetFileId).where(sql`target_file_id is not null`),
  ],
);
