import { z } from 'zod';
import { LIMITS } from '../../limits.ts';
import { BindingMode, StoreUser } from '../agents/agents.ts';
import { Instant, JsonMap, PageQuery, pageOf, Source } from '../common.ts';
import { VectorStoreFilter } from '../vector-stores/vector-stores.ts';

/**
 * What to delete. At least one of storeIds, fileIds, orphans or filter; `filter` means every store that matches it now.
 * Or `restOf`, and nothing else.
 */
export const PlanDeletionBody = z
  .strictObject({
    storeIds: z.array(z.string().max(256)).max(LIMITS.deletionItemsMax).default([]),
    fileIds: z.array(z.string().max(256)).max(LIMITS.deletionItemsMax).default([]),
    attachments: z
      .array(z.object({ storeId: z.string().max(256), fileId: z.string().max(256) }))
      .max(LIMITS.deletionItemsMax)
      .default([])
      .describe('Attachments to remove; a file without any other reference is deleted too'),
    orphans: z.boolean().default(false).describe('Every file that is an orphan now'),
    connectionId: z.string().max(256).optional().describe('With orphans: only those of this connection'),
    filter: VectorStoreFilter.optional(),
    exceptStoreIds: z
      .array(z.string().max(256))
      .max(LIMITS.deletionItemsMax)
      .optional()
      .describe('With filter: stores that stay although they match'),
    restOf: z
      .string()
      .max(256)
      .optional()
      .describe('The id of a cancelled deletion: plans what it did not do, with its own choice of `files`'),
    files: z
      .enum(['delete', 'keep'])
      .default('delete')
      .describe('delete: files that only these stores use are deleted too; keep: only the stores are deleted'),
  })
  .refine(
    (body) =>
      body.storeIds.length + body.fileIds.length + body.attachments.length > 0 ||
      body.orphans ||
      body.filter !== undefined ||
      body.restOf !== undefined,
    { message: 'name something to delete: storeIds, fileIds, attachments, orphans, filter or restOf' },
  )
  .refine((body) => body.connectionId === undefined || body.orphans, {
    message: 'connectionId is only for orphans; a filter has its own connectionId',
  })
  .refine((body) => body.exceptStoreIds === undefined || body.filter !== undefined, {
    message: 'exceptStoreIds is only for a filter',
  });
export type PlanDeletionBody = z.input<typeof PlanDeletionBody>;

export const KeptReason = z.enum([
  'shared',
  'other_tenant',
  'too_fresh',
  'user_data',
  'used_by_tool',
  'keep_requested',
  'not_found',
]);
export type KeptReason = z.infer<typeof KeptReason>;

export const PlannedStore = z.object({
  id: z.string(),
  name: z.string().nullable(),
  source: Source,
  connectionId: z.string().nullable(),
  fileCount: z.int(),
  usageBytes: z.int(),
  lastActiveAt: Instant.nullable(),
  usedBy: z.array(StoreUser),
});
export const PlannedFile = z.object({
  id: z.string(),
  connectionId: z.string().nullable().describe('Null for a file of a primary store'),
  filename: z.string().nullable(),
  bytes: z.int().nullable(),
  createdAt: Instant.nullable().describe('When it was uploaded; null: not known'),
});
export const KeptFile = PlannedFile.extend({
  reason: KeptReason,
  message: z.string(),
  sharedWith: z.array(z.object({ id: z.string(), name: z.string().nullable() })),
});

export const Money = z.object({
  perMonth: z.number().describe('US dollars a month of 30 days; an estimate from the rates in force'),
  currency: z.literal('USD'),
});

/** The effects of a plan in one connection. */
export const PlannedConnection = z.object({
  connectionId: z.string().nullable().describe('Null for primary stores and their files'),
  name: z.string().nullable(),
  counts: z.object({
    stores: z.int(),
    filesToDelete: z.int(),
    filesKept: z.int(),
    attachmentsToDetach: z.int(),
  }),
  usageBytes: z.int(),
  fileBytes: z.int(),
});

/** The whole consequence of a deletion, read from the live upstream, before anything is touched. Lists hold the first rows; counts are exact. */
export const DeletionPlan = z
  .object({
    planHash: z.string(),
    createdAt: Instant,
    files: z.enum(['delete', 'keep']),
    severity: z.enum(['low', 'medium', 'high']),
    counts: z.object({
      stores: z.int(),
      filesToDelete: z.int(),
      filesKept: z.int(),
      attachmentsToDetach: z.int(),
      notFound: z.int().describe('Named, but does not exist any more'),
    }),
    connections: z.array(PlannedConnection).describe('The effects by connection; counts are exact'),
    stores: z.array(PlannedStore).describe('The largest first'),
    agents: z
      .array(z.object({ agentKey: z.string(), mode: BindingMode, storeCount: z.int() }))
      .describe('Agents that use stores of the plan; required: the agent cannot be built any more'),
    agentCount: z.int(),
    filesToDelete: z.array(PlannedFile).describe('The largest first'),
    filesKept: z.array(KeptFile),
    usageBytes: z.int().describe('Indexed bytes that stop being billed'),
    fileBytes: z.int().describe('Bytes of the files to be deleted'),
    savings: Money,
    isUndoable: z.boolean().describe('True when everything in it can be restored from the trash'),
    consequences: z.array(z.string()).describe('What happens and what cannot be undone, in sentences'),
    warnings: z.array(z.object({ code: z.string(), message: z.string() })),
    requestsNeeded: z.int().describe('Upstream requests the deletion will need'),
  })
  .meta({ id: 'DeletionPlan' });
export type DeletionPlan = z.infer<typeof DeletionPlan>;

export const StartDeletionBody = z.strictObject({ planHash: z.string().min(1).max(128) });
export const DeletionAccepted = z.object({ id: z.string() }).meta({ id: 'DeletionAccepted' });

export const DeletionStatus = z.enum(['waiting', 'running', 'succeeded', 'parked', 'cancelled']);
export type DeletionStatus = z.infer<typeof DeletionStatus>;

/** A durable deletion. `parked`: some steps could not be done and wait for a retry; everything else is done. */
export const Deletion = z
  .object({
    id: z.string(),
    planHash: z.string(),
    status: DeletionStatus,
    title: z.string().describe('What is deleted, as text'),
    actor: z.string(),
    trigger: z.enum(['person', 'expiry', 'trash', 'api']),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
    files: z.enum(['delete', 'keep']),
    counts: DeletionPlan.shape.counts.describe('What the plan was going to do; `done` is what has been done'),
    done: z.object({
      stores: z.int(),
      filesDeleted: z.int(),
      attachmentsDetached: z.int(),
      usageBytes: z.int().describe('Indexed bytes of the stores that are deleted'),
    }),
    storesLeft: z
      .array(z.object({ id: z.string(), name: z.string().nullable(), fileCount: z.int() }))
      .describe('Of a deletion that is cancelled or parked: the first stores of its plan that still exist'),
    steps: z.object({ total: z.int(), done: z.int(), pending: z.int(), parked: z.int(), cancelled: z.int() }),
    ratePerSecond: z.number(),
    etaSeconds: z.number().nullable(),
    usageBytes: z.int(),
    savings: Money,
    message: z.string().nullable().describe('Why it waits or why it is parked'),
  })
  .meta({ id: 'Deletion' });
export type Deletion = z.infer<typeof Deletion>;
export const ListDeletionsQuery = PageQuery.extend({ status: DeletionStatus.optional() });
export const DeletionPage = pageOf(Deletion).meta({ id: 'DeletionPage' });
export type DeletionPage = z.infer<typeof DeletionPage>;

export const DeletionStepState = z.enum(['pending', 'done', 'parked', 'cancelled']);
export const DeletionStep = z
  .object({
    id: z.string(),
    kind: z.enum(['detach', 'delete_file', 'delete_store']),
    storeId: z.string().nullable(),
    fileId: z.string().nullable(),
    name: z.string().nullable(),
    state: DeletionStepState,
    attempts: z.int(),
    reason: z.string().nullable(),
    finishedAt: Instant.nullable(),
    snapshot: JsonMap.nullable().describe('The details of what was deleted, kept for a retention time'),
  })
  .meta({ id: 'DeletionStep' });
export type DeletionStep = z.infer<typeof DeletionStep>;
export const ListDeletionStepsQuery = PageQuery.extend({ state: DeletionStepState.optional() });
export const DeletionStepPage = pageOf(DeletionStep).meta({ id: 'DeletionStepPage' });
export type DeletionStepPage = z.infer<typeof DeletionStepPage>;
