import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A durable copy of a store: a mirror adopted into a store of ours, or a store of ours published into a project upstream. */
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
    /** Null until the store is there. */
    targetStoreId: text('target_store_id'),
    targetName: text('target_name'),
    /** Upstream was asked to make the store, whether or not its answer came. */
    isTargetRequested: integer('is_target_asked', { mode: 'boolean' }).notNull().default(false),
    /** Publishing: since when upstream has not found the store that it made; what is not found at once may only lag. */
    targetMissingSinceMs: integer('target_missing_since_ms'),
    /** What the published store is to have in the end: metadata and expiry in upstream's form. */
    finalFields: text('final_fields'),
    /** What the copy does not have of its source, in sentences. */
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

/** A file of a transfer, and how far it has come. */
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
    /** Publishing: the upload its bytes go into, noted before the first of them is sent. */
    uploadId: text('upload_id'),
    /** Publishing: its parts, once they are all there. */
    partIds: text('part_ids'),
    /** Publishing: when upstream was asked to make the upload a file; what was made since then is that file. */
    completingSinceS: integer('completing_since_s'),
    targetFileId: text('target_file_id'),
    /** Publishing: since when upstream has not found the file it was given. A restart does not begin the wait anew. */
    missingSinceMs: integer('missing_since_ms'),
    reason: text('reason'),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.transferId, t.position] }),
    index('transfer_item_by_state').on(t.tenantId, t.transferId, t.state, t.position),
    index('transfer_item_by_target').on(t.tenantId, t.targetFileId).where(sql`target_file_id is not null`),
  ],
);
