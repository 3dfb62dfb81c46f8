import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/**
 * A vector store: a mirror's row (written by the syncer only) or a primary store.
 *
 * Each sort of the stores list has one index that also covers every facet, so a page is a walk along that index
 * whatever the filters are, and only its rows are read from the table.
 */
export const vectorStore = sqliteTable(
  'vector_store',
  {
    /** The row's own number: stable for the text index, which refers to it. */
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    tenantId: text('tenant_id').notNull(),
    id: text('id').notNull(),
    connectionId: text('connection_id'),
    /** primary: hosted here, editable. cache: a mirror; a trigger rejects every writer but the syncer. */
    source: text('source', { enum: ['primary', 'cache'] })
      .notNull()
      .default('primary'),
    backend: text('backend').notNull(),
    name: text('name'),
    description: text('description'),
    status: text('status').notNull(),
    filesInProgress: integer('files_in_progress').notNull().default(0),
    filesCompleted: integer('files_completed').notNull().default(0),
    filesFailed: integer('files_failed').notNull().default(0),
    filesCancelled: integer('files_cancelled').notNull().default(0),
    filesTotal: integer('files_total').notNull().default(0),
    usageBytes: integer('usage_bytes').notNull().default(0),
    metadata: text('metadata'),
    expiresAfter: text('expires_after'),
    /**
     * Primary: derived from the policy and its anchors, in every transaction that changes one of them. Mirror:
     * upstream's.
     */
    expiresAtS: integer('expires_at_s'),
    /** The policy of a primary store; a mirror has upstream's `expires_after` instead. */
    expiryKind: text('expiry_kind', { enum: ['never', 'after_last_active', 'after_creation', 'at'] }),
    /** Days, seconds or unix seconds, depending on the kind. */
    expiryValue: integer('expiry_value'),
    /** When a warning of a primary store's expiry was given; cleared when the expiry moves out of the warning time. */
    warnedAtMs: integer('warned_at_ms'),
    /** When a primary store expired: it is not served any more, and is purged after the retention time. */
    expiredAtMs: integer('expired_at_ms'),
    lastActiveAtS: integer('last_active_at_s'),
    createdAtS: integer('created_at_s').notNull(),
    extra: text('extra'),
    /** Lower-case name, description and id, for the list's text search. */
    searchText: text('search_text').notNull().default(''),
    /** Lower-case name, cut short; stores without a name sort last. */
    nameSort: text('name_sort').notNull().default(''),
    /**
     * `expires_at_s` and `last_active_at_s` without nulls, so that keyset paging needs no null rules. Never expires:
     * last.
     */
    expiresSort: integer('expires_sort').notNull().default(0),
    lastActiveSort: integer('last_active_sort').notNull().default(0),
    /** Hash of all fields of upstream's row. */
    fingerprint: text('fingerprint').notNull().default(''),
    /** The fingerprint at the last complete listing of the files; differs when a listing is due. */
    listedFingerprint: text('listed_fingerprint'),
    filesListedAtMs: integer('files_listed_at_ms'),
    /** When upstream's row was last written here; a later complete listing confirms it again. */
    syncedAtMs: integer('synced_at_ms'),
    missingSinceMs: integer('missing_since_ms'),
    /** In the trash since then: a primary store that is hidden, not served, and can be restored until it is purged. */
    trashedAtMs: integer('trashed_at_ms'),
    /** The embedding model of a primary store: vectors of different models cannot be compared. */
    embeddingFingerprint: text('embedding_fingerprint'),
    /** How files without a strategy of their own are chunked in a primary store; null: auto. */
    defaultChunking: text('default_chunking'),
    updatedAtMs: integer('updated_at_ms').notNull(),
  },
  (t) => [
    uniqueIndex('vector_store_id').on(t.tenantId, t.id),
    index('vector_store_facets').on(t.tenantId, t.connectionId, t.source, t.status, t.missingSinceMs),
    index('vector_store_sort_created').on(
      t.tenantId,
      t.createdAtS,
      t.id,
      t.source,
      t.status,
      t.connectionId,
      t.missingSinceMs,
    ),
    index('vector_store_sort_name').on(
      t.tenantId,
      t.nameSort,
      t.id,
      t.source,
      t.status,
      t.connectionId,
      t.missingSinceMs,
    ),
    index('vector_store_sort_usage').on(
      t.tenantId,
      t.usageBytes,
      t.id,
      t.source,
      t.status,
      t.connectionId,
      t.missingSinceMs,
    ),
    index('vector_store_sort_files').on(
      t.tenantId,
      t.filesTotal,
      t.id,
      t.source,
      t.status,
      t.connectionId,
      t.missingSinceMs,
    ),
    index('vector_store_sort_active').on(
      t.tenantId,
      t.lastActiveSort,
      t.id,
      t.source,
      t.status,
      t.connectionId,
      t.missingSinceMs,
    ),
    index('vector_store_sort_expiry').on(
      t.tenantId,
      t.expiresSort,
      t.id,
      t.source,
      t.status,
      t.connectionId,
      t.missingSinceMs,
    ),
    index('vector_store_failed').on(t.tenantId, t.seq).where(sql`files_failed > 0`),
    index('vector_store_embedding').on(t.tenantId, t.embeddingFingerprint).where(sql`source = 'primary'`),
    index('vector_store_sort_status').on(t.tenantId, t.status, t.id, t.source, t.connectionId, t.missingSinceMs),
  ],
);
