import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** An upload of a file in parts. */
export const upload = sqliteTable(
  'upload',
  {
    tenantId: text('tenant_id').notNull(),
    id: text('id').notNull(),
    filename: text('filename').notNull(),
    purpose: text('purpose').notNull(),
    mimeType: text('mime_type').notNull(),
    /** The size of the complete file, as announced. */
    sizeBytes: integer('size_bytes').notNull(),
    status: text('status', { enum: ['pending', 'completed', 'cancelled', 'expired'] }).notNull(),
    createdAtS: integer('created_at_s').notNull(),
    expiresAtS: integer('expires_at_s').notNull(),
    /** Of the resulting file: seconds after its creation. */
    fileExpiresAfterS: integer('file_expires_after_s'),
    /** The resulting file. */
    fileId: text('file_id'),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index('upload_due').on(t.tenantId, t.expiresAtS).where(sql`status = 'pending'`),
  ],
);

export const uploadPart = sqliteTable(
  'upload_part',
  {
    tenantId: text('tenant_id').notNull(),
    id: text('id').notNull(),
    uploadId: text('upload_id').notNull(),
    sha256: text('sha256').notNull(),
    sizeBytes: integer('size_bytes').notNull(),
    createdAtS: integer('created_at_s').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index('upload_part_by_upload').on(t.tenantId, t.uploadId),
    index('upload_part_by_content').on(t.sha256),
  ],
);
