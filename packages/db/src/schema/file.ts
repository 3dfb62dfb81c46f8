import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** A file: mirrored when `connection_id` is set, else primary. */
export const file = sqliteTable(
  'file',
  {
    /** The row's own number: lets a listing of a million files record what it saw in one bit per file. */
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    tenantId: text('tenant_id').notNull(),
    id: text('id').notNull(),
    connectionId: text('connection_id'),
    filename: text('filename').notNull(),
    bytes: integer('bytes'),
    purpose: text('purpose').notNull(),
    status: text('status'),
    createdAtS: integer('created_at_s').notNull(),
    expiresAtS: integer('expires_at_s'),
    extra: text('extra'),
    /** Filename and id in normalised form, for text searches. */
    searchText: text('search_text').notNull().default(''),
    contentHash: text('content_hash').notNull(),
    /** Number of `attachment` rows with this file, updated in the same transaction; 0 makes it an orphan. */
    attachmentCount: integer('attachment_count').notNull().default(0),
    syncedAtMs: integer('synced_at_ms'),
    missingSinceMs: integer('missing_since_ms'),
    /** Key of a primary file's bytes in the blob store; null: a mirror, whose bytes are upstream. */
    sha256: text('sha256'),
    mimeType: text('mime_type'),
    /** The upstream file whose parsed text this one holds: it is plain text, whatever its name says. */
    adoptedFrom: text('adopted_from'),
  },
  (t) => [
    uniqueIndex('file_id').on(t.tenantId, t.id),
    index('file_by_created').on(t.tenantId, t.createdAtS, t.id, t.connectionId, t.purpose),
    index('file_by_filename').on(t.tenantId, t.filename, t.id),
    index('file_by_bytes').on(t.tenantId, t.bytes, t.id),
    index('file_unattached').on(t.tenantId, t.purpose, t.createdAtS, t.id).where(sql`attachment_count = 0`),
    index('file_missing').on(t.tenantId, t.connectionId).where(sql`missing_since_ms is not null`),
    index('file_by_content').on(t.sha256, t.tenantId).where(sql`sha256 is not null`),
    index('file_due').on(t.tenantId, t.expiresAtS).where(sql`connection_id is null and expires_at_s is not null`),
  ],
);

/** A file attached to a store. Key: (store, file). */
export const attachment = sqliteTable(
  'attachment',
  {
    tenantId: text('tenant_id').notNull(),
    storeId: text('store_id').notNull(),
    fileId: text('file_id').notNull(),
    connectionId: text('connection_id'),
    status: text('status').notNull(),
    usageBytes: integer('usage_bytes'),
    createdAtS: integer('created_at_s').notNull(),
    lastError: text('last_error'),
    chunkingStrategy: text('chunking_strategy'),
    attributes: text('attributes'),
    extra: text('extra'),
    contentHash: text('content_hash').notNull(),
    missingSinceMs: integer('missing_since_ms'),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.storeId, t.fileId] }),
    index('attachment_by_file').on(t.fileId, t.tenantId),
    index('attachment_missing').on(t.tenantId, t.connectionId, t.storeId).where(sql`missing_since_ms is not null`),
  ],
);
