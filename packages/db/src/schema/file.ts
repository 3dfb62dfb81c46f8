import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** An object with bytes, upstream (`connection_id` set: mirrored) or ours. */
export const file = sqliteTable(
  'file',
  {
    /** The row's own number: lets a listing of a million files remember what it saw in one bit a file. */
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
    /** Filename and id in the form in which texts are compared: what the text searches look through. */
    searchText: text('search_text').notNull().default(''),
    contentHash: text('content_hash').notNull(),
    /** Rows of `attachment` with this file, kept in the transaction that writes them; 0 is what makes an orphan. */
    attachmentCount: integer('attachment_count').notNull().default(0),
    syncedAtMs: integer('synced_at_ms'),
    missingSinceMs: integer('missing_since_ms'),
    /** Names the bytes of a file of ours in the blob store; null: a mirror, whose bytes are upstream's. */
    sha256: text('sha256'),
    mimeType: text('mime_type'),
    /** The file upstream that this one holds the parsed text of: whatever its name says, it is plain text. */
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

/** A file's membership in a store. Key: (store, file). */
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
