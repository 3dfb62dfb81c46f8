import { z } from 'zod';
import { Instant } from './common.ts';
import { CostRow, DebtKind, StorageDebt } from './deletions/storage-debt.ts';
import { ConnectionHealth } from './sync/connections.ts';
import { SyncRun } from './sync/sync-runs.ts';

export const AttentionKind = z.enum([
  'breaker_open',
  'key_refused',
  'sync_failing',
  'stores_expiring',
  'failed_files',
  'deletions_held',
  'deletion_parked',
  'deletion_blocked',
  'storage_debt',
]);
export type AttentionKind = z.infer<typeof AttentionKind>;

/** Something that a person should look at now. */
export const AttentionItem = z.object({
  kind: AttentionKind,
  connections: z
    .array(z.object({ id: z.string(), name: z.string() }))
    .describe('The connections it concerns; empty: primary stores, or the installation'),
  id: z.string().nullable().describe('The sync run of breaker_open and sync_failing, or the deletion'),
  name: z.string().nullable().describe('The title of a deletion'),
  count: z.int().nullable().describe('Of stores_expiring and failed_files: the stores of the list with this filter'),
  debt: z
    .array(z.object({ kind: DebtKind, title: z.string(), count: z.int() }))
    .nullable()
    .describe('Of storage_debt: what it consists of'),
  usdPerMonth: z.number().nullable().describe('What the storage debt costs in a month; an estimate'),
  status: z
    .enum(['needs_review', 'failed', 'partial', 'parked', 'waiting', 'running'])
    .nullable()
    .describe('Of the sync run or the deletion'),
  message: z.string().nullable().describe('Why, in a sentence'),
  since: Instant.nullable(),
});
export type AttentionItem = z.infer<typeof AttentionItem>;

/** A run in the history of a connection. */
export const RunSummary = SyncRun.pick({
  id: true,
  status: true,
  dryRun: true,
  full: true,
  startedAt: true,
  finishedAt: true,
  durationMs: true,
  review: true,
});
export type RunSummary = z.infer<typeof RunSummary>;

export const ConnectionOverview = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['openai', 'sandbox']),
  isEnabled: z.boolean(),
  health: ConnectionHealth,
  lastCompleteSyncAt: Instant.nullable(),
  lagSeconds: z.int().nullable().describe('The time since the last complete sync; null before the first'),
  runs: z.array(RunSummary).describe('The last runs, newest first'),
});
export type ConnectionOverview = z.infer<typeof ConnectionOverview>;

export const StoragePoint = z.object({ at: Instant, usageBytes: z.int(), usdPerMonth: z.number() });
export type StoragePoint = z.infer<typeof StoragePoint>;

export const StorageOverview = z.object({
  isEstimate: z.literal(true),
  storeCount: z.int().describe('Mirrors and primary stores'),
  fileCount: z.int().describe('Of all connections and of primary stores'),
  usageBytes: z.int().describe('Indexed bytes of the mirrors: what OpenAI bills'),
  usdPerMonth: z.number(),
  connections: z.array(CostRow.extend({ storeCount: z.int(), fileCount: z.int() })),
  topStores: StorageDebt.shape.topStores,
  history: z
    .array(StoragePoint)
    .describe(
      'The last snapshot of each day (UTC) with a complete sync, oldest first; at the rates in force now. One a week once they are older than 90 days',
    ),
  forecast: StoragePoint.nullable().describe(
    'In 30 days, on the line that fits the last 30 days best (least squares); null with fewer than 3 days',
  ),
});
export type StorageOverview = z.infer<typeof StorageOverview>;

/** What the first page of the console shows. */
export const Overview = z
  .object({
    now: Instant,
    asOf: Instant.nullable().describe('When the oldest listing behind this ended; null before the first sync'),
    attention: z.array(AttentionItem).describe('The most urgent first; empty: nothing needs attention'),
    parkedDeletionCount: z.int().describe('All of them; `attention` has the newest'),
    connections: z.array(ConnectionOverview),
    storage: StorageOverview,
  })
  .meta({ id: 'Overview' });
export type Overview = z.infer<typeof Overview>;
