import { z } from 'zod';
import { Instant, PageQuery, pageOf } from '../common.ts';
import { StoreHistoryEntry } from '../vector-stores/vector-stores.ts';

export const SyncRunStatus = z.enum(['running', 'succeeded', 'partial', 'failed', 'cancelled', 'needs_review']);
export type SyncRunStatus = z.infer<typeof SyncRunStatus>;

export const SyncPhase = z.enum([
  'starting',
  'listing_stores',
  'listing_attachments',
  'listing_files',
  'confirming',
  'removing',
  'done',
]);
export type SyncPhase = z.infer<typeof SyncPhase>;

export const SyncCounters = z.object({
  seen: z.int(),
  added: z.int(),
  changed: z.int(),
  returned: z.int().describe('Were missing, are listed again'),
  missing: z.int().describe('Absent from a complete listing; kept until proven gone'),
  removed: z.int(),
  failed: z.int().describe('Could not be listed or confirmed in this run'),
});
export type SyncCounters = z.infer<typeof SyncCounters>;

export const SyncProgress = z
  .object({
    phase: SyncPhase,
    done: z.int(),
    total: z.int().nullable().describe('Null while the end is not known'),
    ratePerSecond: z.number(),
    etaSeconds: z.number().nullable(),
    requests: z.int(),
  })
  .meta({ id: 'SyncProgress' });
export type SyncProgress = z.infer<typeof SyncProgress>;

/** Why the circuit breaker stopped a run. */
export const ReviewReason = z.object({
  code: z.enum(['too_many_removals', 'empty_listing', 'only_unknown_ids', 'project_changed']),
  kind: z.enum(['vector_stores', 'files', 'attachments', 'connection']),
  value: z.number().describe('What was seen'),
  limit: z.number().describe('What is allowed without approval'),
  known: z.int(),
  message: z.string(),
});
export type ReviewReason = z.infer<typeof ReviewReason>;

export const PlanItem = z.object({ id: z.string(), name: z.string().nullable() });

const KindPlan = z.object({
  added: z.int(),
  changed: z.int(),
  missing: z.int(),
  removed: z.int().describe('Removed by this run, or due for it in a dry run; 0 in a run that waits for a review'),
  removals: z.array(PlanItem).describe('What a review or a dry run would remove: the first of them'),
});

/** What a run would remove, and what changed. The hash identifies exactly these removals. */
export const SyncPlan = z
  .object({
    hash: z.string(),
    isInSync: z.boolean().describe('No difference was found, which is what a check verifies'),
    reasons: z.array(ReviewReason).describe('Empty when no approval is needed'),
    stores: KindPlan,
    attachments: KindPlan,
    files: KindPlan,
  })
  .meta({ id: 'SyncPlan' });
export type SyncPlan = z.infer<typeof SyncPlan>;

export const SyncRun = z
  .object({
    id: z.string(),
    connectionId: z.string(),
    connectionName: z.string(),
    trigger: z.enum(['schedule', 'manual', 'startup', 'approval', 'recovery']),
    dryRun: z.boolean(),
    full: z.boolean().describe('Every store was listed again, whatever its fingerprint'),
    status: SyncRunStatus,
    startedAt: Instant,
    finishedAt: Instant.nullable(),
    durationMs: z.int().nullable(),
    progress: SyncProgress,
    requests: z.int(),
    rateLimited: z.int(),
    counters: z.object({ stores: SyncCounters, attachments: SyncCounters, files: SyncCounters }),
    isComplete: z.boolean().describe('Every listing of this run ended cleanly'),
    plan: SyncPlan.nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    approvedAt: Instant.nullable(),
    review: z
      .object({
        state: z
          .enum(['open', 'approved', 'superseded'])
          .describe('superseded: a newer run has looked again, so this plan cannot be approved any more'),
        by: z.string().nullable().describe('Who approved it; null also when the audit has forgotten'),
        at: Instant.nullable().describe('When it was approved, or when the newest run that looked again began'),
      })
      .nullable()
      .describe('What became of the plan of a run that the circuit breaker stopped; null: of every other run'),
  })
  .meta({ id: 'SyncRun' });
export type SyncRun = z.infer<typeof SyncRun>;

export const StartSyncRunBody = z.strictObject({
  connectionId: z
    .string()
    .max(256)
    .optional()
    .describe('Optional when there is one connection, or for the default one'),
  dryRun: z.boolean().default(false).describe('List and compare, change nothing'),
  full: z.boolean().default(false).describe('List the files of every store, whatever its fingerprint'),
});
export type StartSyncRunBody = z.input<typeof StartSyncRunBody>;
export const SyncRunAccepted = z.object({ id: z.string() }).meta({ id: 'SyncRunAccepted' });

export const ListSyncRunsQuery = PageQuery.extend({
  connectionId: z.string().max(256).optional(),
  status: SyncRunStatus.optional(),
});
export const SyncRunPage = pageOf(SyncRun).meta({ id: 'SyncRunPage' });
export type SyncRunPage = z.infer<typeof SyncRunPage>;

/** The result for one store in a run. `storeId` is null for changes of files that belong to no store. */
export const SyncChange = StoreHistoryEntry.extend({
  storeId: z.string().nullable(),
  storeName: z.string().nullable(),
}).meta({ id: 'SyncChange' });
export type SyncChange = z.infer<typeof SyncChange>;
export const ListSyncChangesQuery = PageQuery.extend({ action: StoreHistoryEntry.shape.action.optional() });
export const SyncChangePage = pageOf(SyncChange).meta({ id: 'SyncChangePage' });
export type SyncChangePage = z.infer<typeof SyncChangePage>;

export const ApproveSyncRunBody = z.strictObject({ planHash: z.string().min(1).max(128) });

/**
 * `GET /api/sync-runs/{id}/events` is a stream of server-sent events: `progress` (a SyncProgress, several a second at
 * most) and, once, `end` (the finished SyncRun). The first event is sent at once.
 */
export const SyncEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), data: SyncProgress }),
  z.object({ type: z.literal('end'), data: SyncRun }),
]);
export type SyncEvent = z.infer<typeof SyncEvent>;
