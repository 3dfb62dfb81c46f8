import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/**
 * The ingestion state of an attachment to a primary store: one row for each such attachment. Its number is the order of
 * attachment.
 */
export const ingestion = sqliteTable(
  'ingestion',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    tenantId: text('tenant_id').notNull(),
    storeId: text('store_id').notNull(),
    fileId: text('file_id').notNull(),
    /** The batch that attached it last. */
    batchId: text('batch_id'),
    maxTokens: integer('max_tokens').notNull(),
    overlapTokens: integer('overlap_tokens').notNull(),
    /** The attachment is in progress: there is work to do. */
    isPending: integer('is_pending', { mode: 'boolean' }).notNull(),
    attempts: integer('attempts').notNull().default(0),
    /** Not before this instant: a failure that may be temporary is retried later. */
    nextAttemptAtMs: integer('next_attempt_at_ms').notNull(),
    leaseOwner: text('lease_owner'),
    leaseExpiresAtMs: integer('lease_expires_at_ms').notNull().default(0),
    /**
     * Increases with every claim and every restart, so that late writes of a worker that lost its claim are rejected.
     */
    fence: integer('fence').notNull().default(0),
    chunkCount: integer('chunk_count'),
    /** Sentences about what of the file could not be read; null: its text is complete, or it is not in the index. */
    gaps: text('gaps', { mode: 'json' }).$type<readonly string[]>(),
    /** Its content is being read: if the process ends meanwhile, the content may be the cause. */
    isBeingRead: integer('is_being_read', { mode: 'boolean' }).notNull().default(false),
    /** How often a process ended while it read the content. */
    lostReads: integer('lost_reads').notNull().default(0),
  },
  (t) => [
    uniqueIndex('ingestion_key').on(t.tenantId, t.storeId, t.fileId),
    index('ingestion_by_store').on(t.tenantId, t.storeId, t.seq),
    index('ingestion_pending').on(t.tenantId, t.nextAttemptAtMs, t.seq).where(sql`is_pending = 1`),
  ],
);

/** Files attached to a store by one request. */
export const fileBatch = sqliteTable(
  'file_batch',
  {
    tenantId: text('tenant_id').notNull(),
    id: text('id').notNull(),
    storeId: text('store_id').notNull(),
    createdAtS: integer('created_at_s').notNull(),
    isCancelled: integer('is_cancelled', { mode: 'boolean' }).notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), index('file_batch_by_store').on(t.tenantId, t.storeId)],
);

/**
 * A file of a batch. Its status follows the attachment while that belongs to the batch, and stays when it is removed.
 */
export const fileBatchFile = sqliteTable(
  'file_batch_file',
  {
    tenantId: text('tenant_id').notNull(),
    batchId: text('batch_id').notNull(),
    fileId: text('file_id').notNull(),
    position: integer('position').notNull(),
    status: text('status', { enum: ['in_progress', 'completed', 'failed', 'cancelled'] }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.batchId, t.fileId] }),
    index('file_batch_file_open').on(t.tenantId, t.fileId).where(sql`status = 'in_progress'`),
    index('file_batch_file_order').on(t.tenantId, t.batchId, t.position),
  ],
);

/** An embedding model of a primary store: enough to make more vectors. The key is not stored here. */
export const embeddingModel = sqliteTable(
  'embedding_model',
  {
    tenantId: text('tenant_id').notNull(),
    fingerprint: text('fingerprint').notNull(),
    kind: text('kind', { enum: ['lexical', 'static', 'remote'] }).notNull(),
    name: text('name').notNull(),
    dimensions: integer('dimensions').notNull(),
    baseUrl: text('base_url'),
    /** The number of dimensions is sent, because it is smaller than the model's default. */
    isDimensionsSent: integer('is_dimensions_sent', { mode: 'boolean' }).notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.fingerprint] })],
);

/**
 * The outbox: tasks outside this database, written in the transaction of the change that causes them, carried out after
 * it and then deleted. Carrying one out twice does no harm.
 */
export const localTask = sqliteTable(
  'local_task',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    tenantId: text('tenant_id').notNull(),
    kind: text('kind', { enum: ['drop_store', 'remove_file', 'set_attributes', 'remove_blob'] }).notNull(),
    storeId: text('store_id'),
    fileId: text('file_id'),
    sha256: text('sha256'),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (t) => [index('local_task_by_tenant').on(t.tenantId, t.seq)],
);
