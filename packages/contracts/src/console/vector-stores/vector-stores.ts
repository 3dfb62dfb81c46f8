import { z } from 'zod';
import { LIMITS } from '../../limits.ts';
import { StoreUser } from '../agents/agents.ts';
import { Instant, JsonMap, Order, PageQuery, pageOf, SearchText, Source } from '../common.ts';
import { ExpiryPolicy, ExpiryState, OpenAiStoreExpiry, WrittenExpiryPolicy } from './expiry-policy.ts';

export const FileCounts = z.object({
  in_progress: z.int(),
  completed: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  total: z.int(),
});

/** A store as in lists. Inner objects keep OpenAI's keys; instants are unix seconds. */
export const VectorStore = z
  .object({
    id: z.string(),
    source: Source,
    backend: z.string().describe('Where the vectors are: openai, local'),
    connectionId: z.string().nullable(),
    name: z.string().nullable(),
    description: z.string().nullable(),
    status: z.string().describe('in_progress, completed or expired; an unknown upstream status is passed on as it is'),
    fileCounts: FileCounts,
    usageBytes: z.int(),
    metadata: JsonMap.nullable(),
    expiresAfter: JsonMap.nullable().describe(
      "{anchor, days} as upstream has it; for a primary store only when OpenAI's form expresses exactly its policy",
    ),
    expiresAt: Instant.nullable(),
    expiryPolicy: ExpiryPolicy.nullable().describe('Null: upstream has a rule that this version does not know'),
    expiryState: ExpiryState,
    expiryText: z.string().describe('As text, anchor first: 30 days after last use; last use 3 days ago'),
    lastActiveAt: Instant.nullable(),
    createdAt: Instant,
    lastSyncedAt: Instant.nullable().describe('When upstream last confirmed this row'),
    missingSince: Instant.nullable().describe(
      'First complete listing without this store; it is kept until proven gone',
    ),
  })
  .meta({ id: 'VectorStore' });
export type VectorStore = z.infer<typeof VectorStore>;

export const VectorStoreDetail = VectorStore.extend({
  readOnlyReason: z.string().nullable().describe('Why this store cannot be edited here, and where it can'),
  filesListedAt: Instant.nullable().describe('When the files of this store were last completely listed'),
  filesListingComplete: z.boolean(),
  listedFileCount: z
    .int()
    .describe('Known attachments of the mirror; may differ from fileCounts.total (a ghost upstream)'),
  ghostCount: z.int().describe('Attached files that are not in the project any more'),
  extra: JsonMap.nullable().describe('Upstream fields this version does not know'),
  usedBy: z.array(StoreUser).describe('Agents that search it, by key'),
  unfinishedDeletion: z
    .object({
      id: z.string(),
      status: z.enum(['waiting', 'running', 'parked', 'cancelled']),
      finishedAt: Instant.nullable(),
      detachedCount: z.int().describe('Files that it has taken out of this store'),
    })
    .nullable()
    .describe('A deletion that took files out of this store and left the store, until upstream is listed again'),
  trashedAt: Instant.nullable().describe('When it was moved to the trash'),
  purgeAt: Instant.nullable().describe('When the trash is emptied of it, at the earliest'),
}).meta({ id: 'VectorStoreDetail' });
export type VectorStoreDetail = z.infer<typeof VectorStoreDetail>;

export const VectorStoreSort = z.enum([
  'createdAt',
  'name',
  'usageBytes',
  'files',
  'lastActiveAt',
  'expiresAt',
  'status',
]);
export type VectorStoreSort = z.infer<typeof VectorStoreSort>;

/**
 * Filters of the stores list; `status=missing` finds stores absent from the last complete listing, `status=failed_files`
 * stores with failed files.
 */
export const VectorStoreFilter = z.object({
  source: Source.optional(),
  status: z.string().max(64).optional(),
  connectionId: z.string().max(256).optional(),
  q: SearchText.optional().describe('A part of a name, description or id; case does not matter'),
  expiring: z
    .enum(['soon', 'expired'])
    .optional()
    .describe('soon: expires within expiringDays; expired: has expired. Primary stores and mirrors alike'),
  expiringDays: z.coerce
    .number()
    .int()
    .min(1)
    .max(LIMITS.expiringDaysMax)
    .optional()
    .describe('How many days count as soon; the warning time of the settings when absent'),
});

export type VectorStoreFilter = z.output<typeof VectorStoreFilter>;

export const ListVectorStoresQuery = PageQuery.extend(VectorStoreFilter.shape).extend({
  sort: VectorStoreSort.default('createdAt'),
  order: Order.default('desc'),
});
export type ListVectorStoresQuery = z.infer<typeof ListVectorStoresQuery>;

export const VectorStorePage = pageOf(VectorStore).meta({ id: 'VectorStorePage' });
export type VectorStorePage = z.infer<typeof VectorStorePage>;

/** Facet counts: each within the other active filters. */
export const VectorStoreFacets = z
  .object({
    source: z.record(z.string(), z.int()),
    status: z.record(z.string(), z.int()),
    connectionId: z.record(z.string(), z.int()),
    missing: z.int(),
    failedFiles: z.int().describe('Stores with failed files'),
  })
  .meta({ id: 'VectorStoreFacets' });
export type VectorStoreFacets = z.infer<typeof VectorStoreFacets>;

/** The editable fields of a primary store. */
const EditableFields = z.strictObject({
  name: z.string().max(LIMITS.nameMax).nullable(),
  description: z.string().max(LIMITS.descriptionMax).nullable(),
  metadata: z
    .record(z.string().max(LIMITS.metadataKeyMax), z.string().max(LIMITS.metadataValueMax))
    .refine((map) => Object.keys(map).length <= LIMITS.metadataPairsMax, {
      message: `at most ${LIMITS.metadataPairsMax} pairs`,
    }),
  expiryPolicy: WrittenExpiryPolicy.nullable().describe('null clears the policy; omitted keeps it'),
  expiresAfter: OpenAiStoreExpiry.nullable().describe("The policy in OpenAI's form; not together with expiryPolicy"),
});
const ONE_POLICY = {
  message: 'give expiryPolicy or expiresAfter, and only one of them',
};
const hasOnePolicy = (body: { expiryPolicy?: unknown; expiresAfter?: unknown }) =>
  body.expiryPolicy === undefined || body.expiresAfter === undefined;
export const UpdateVectorStoreBody = EditableFields.partial().refine(hasOnePolicy, ONE_POLICY);
export type UpdateVectorStoreBody = z.infer<typeof UpdateVectorStoreBody>;
export const CreateVectorStoreBody = EditableFields.partial().refine(hasOnePolicy, ONE_POLICY);
export type CreateVectorStoreBody = z.infer<typeof CreateVectorStoreBody>;

/** An attachment, joined with the project's file list. */
export const StoreFile = z
  .object({
    id: z.string().describe('The file id'),
    vectorStoreId: z.string(),
    filename: z.string().nullable().describe('Null when the project does not list this file'),
    bytes: z.int().nullable(),
    purpose: z.string().nullable(),
    status: z.string(),
    usageBytes: z.int().nullable(),
    createdAt: Instant.describe('When the file was attached'),
    lastError: JsonMap.nullable(),
    gaps: z
      .array(z.string())
      .nullable()
      .describe('What of the file could not be read, one sentence each; null: its text is complete'),
    chunkingStrategy: JsonMap.nullable(),
    attributes: JsonMap.nullable(),
    isGhost: z.boolean().describe('Attached here, but the file itself is gone from the project'),
    missingSince: Instant.nullable(),
    extra: JsonMap.nullable(),
  })
  .meta({ id: 'StoreFile' });
export type StoreFile = z.infer<typeof StoreFile>;

export const ListStoreFilesQuery = PageQuery.extend({
  status: z.string().max(64).optional(),
  q: SearchText.optional().describe('A part of a filename or file id'),
});
export type ListStoreFilesQuery = z.infer<typeof ListStoreFilesQuery>;
export const StoreFilePage = pageOf(StoreFile)
  .extend({ isComplete: z.boolean().describe('Whether the listing behind this page ended cleanly') })
  .meta({ id: 'StoreFilePage' });
export type StoreFilePage = z.infer<typeof StoreFilePage>;

/** One entry of a store's history: the changes found by one sync run. */
export const StoreHistoryEntry = z
  .object({
    id: z.string(),
    runId: z.string(),
    at: Instant,
    action: z.enum(['added', 'changed', 'missing', 'returned', 'removed', 'failed']),
    fields: z
      .array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() }))
      .describe('Changed fields of the store itself'),
    filesAdded: z.int(),
    filesChanged: z.int(),
    filesRemoved: z.int(),
    filesMissing: z.int(),
    fileIds: z
      .object({
        added: z.array(z.string()),
        changed: z.array(z.string()),
        removed: z.array(z.string()),
        missing: z.array(z.string()),
      })
      .describe('The first ids of each kind; the counts are exact'),
    message: z.string().nullable(),
  })
  .meta({ id: 'StoreHistoryEntry' });
export type StoreHistoryEntry = z.infer<typeof StoreHistoryEntry>;
export const StoreHistoryPage = pageOf(StoreHistoryEntry).meta({ id: 'StoreHistoryPage' });
export type StoreHistoryPage = z.infer<typeof StoreHistoryPage>;
