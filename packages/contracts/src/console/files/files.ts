import { z } from 'zod';
import { Instant, JsonMap, Order, PageQuery, pageOf, QueryBoolean, SearchText, Source } from '../common.ts';

export const FileAttachmentRef = z.object({
  vectorStoreId: z.string(),
  vectorStoreName: z.string().nullable(),
  status: z.string(),
});

export const FileRow = z
  .object({
    id: z.string(),
    source: Source,
    connectionId: z.string().nullable(),
    filename: z.string(),
    bytes: z.int().nullable(),
    purpose: z.string(),
    status: z.string().nullable(),
    createdAt: Instant,
    expiresAt: Instant.nullable(),
    lastSyncedAt: Instant.nullable(),
    missingSince: Instant.nullable(),
    attachmentCount: z.int(),
    attachedTo: z.array(FileAttachmentRef).describe('The first stores that the file is attached to'),
    orphan: z
      .enum(['yes', 'no', 'too_fresh', 'unknown', 'not_applicable'])
      .describe(
        'yes: purpose assistants, in no store, past the grace period. too_fresh: same, but younger. unknown: a listing it depends on was not complete. not_applicable: the purpose can be used without a store',
      ),
    extra: JsonMap.nullable(),
  })
  .meta({ id: 'File' });
export type FileRow = z.infer<typeof FileRow>;

export const FileSort = z.enum(['createdAt', 'filename', 'bytes']);
export const ListFilesQuery = PageQuery.extend({
  orphan: QueryBoolean.describe('true: only orphans; false: only files that are not'),
  connectionId: z.string().max(256).optional(),
  purpose: z.string().max(64).optional(),
  q: SearchText.optional(),
  sort: FileSort.default('createdAt'),
  order: Order.default('desc'),
});
export type ListFilesQuery = z.infer<typeof ListFilesQuery>;
export const FilePage = pageOf(FileRow)
  .extend({
    isOrphanReportComplete: z.boolean().describe('False while a listing behind the orphan marks is not complete'),
    orphanCount: z.int(),
    orphanBytes: z.int(),
  })
  .meta({ id: 'FilePage' });
export type FilePage = z.infer<typeof FilePage>;

export const FileDetail = FileRow.extend({
  attachedTo: z.array(FileAttachmentRef).describe('All stores that the file is attached to'),
}).meta({
  id: 'FileDetail',
});
export type FileDetail = z.infer<typeof FileDetail>;
