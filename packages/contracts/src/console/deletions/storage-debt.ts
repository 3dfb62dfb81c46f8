import { z } from 'zod';
import { Instant } from '../common.ts';
import { PlanDeletionBody } from './deletions.ts';

export const DebtKind = z.enum([
  'orphan_files',
  'files_in_use',
  'expired_stores',
  'empty_stores',
  'failed_files',
  'stuck_files',
  'ghosts',
  'duplicates',
]);
export type DebtKind = z.infer<typeof DebtKind>;

export const DebtItem = z.object({
  id: z.string().describe('A store or file id; for an attachment `store/file`'),
  name: z.string().nullable(),
  storeId: z.string().nullable(),
  storeName: z.string().nullable(),
  connectionId: z.string().nullable(),
  bytes: z.int(),
  since: Instant.describe('Created, expired or attached at'),
  note: z.string().nullable(),
});

/** One kind of debt. `cleanup` is the body for POST /api/deletion-plans that removes it safely. */
export const DebtCategory = z.object({
  kind: DebtKind,
  title: z.string(),
  explanation: z.string(),
  count: z.int(),
  bytes: z.int().describe('Indexed bytes for stores and attachments, file bytes for files'),
  usdPerMonth: z.number().describe('What it costs in a month of 30 days; an estimate'),
  oldestAt: Instant.nullable(),
  isComplete: z
    .boolean()
    .describe('False while a listing that this depends on did not end cleanly; then there is no clean-up'),
  items: z.array(DebtItem).describe('The largest of them'),
  cleanup: PlanDeletionBody.nullable(),
});
export type DebtCategory = z.infer<typeof DebtCategory>;

export const CostRow = z.object({
  connectionId: z.string(),
  name: z.string(),
  usageBytes: z.int(),
  usdPerMonth: z.number(),
});

export const StorageDebtQuery = z.object({
  connectionId: z.string().max(256).optional().describe('Limits the report and its clean-ups to this connection'),
});

export const StorageDebt = z
  .object({
    asOf: Instant.nullable(),
    isEstimate: z.literal(true),
    rates: z.object({ usdPerGbDay: z.number(), freeGb: z.number() }),
    categories: z.array(DebtCategory),
    totalUsdPerMonth: z.number().describe('What all connections cost in a month'),
    debtUsdPerMonth: z.number().describe('How much of it is debt'),
    connections: z.array(CostRow),
    topStores: z.array(
      z.object({
        id: z.string(),
        name: z.string().nullable(),
        connectionId: z.string().nullable(),
        usageBytes: z.int(),
        usdPerMonth: z.number(),
      }),
    ),
  })
  .meta({ id: 'StorageDebt' });
export type StorageDebt = z.infer<typeof StorageDebt>;

export const Settings = z
  .object({
    usdPerGbDay: z.number().min(0).max(1000).describe('Price of a GB (2^30 bytes) of indexed storage for a day'),
    freeGb: z.number().min(0).max(1_000_000).describe('Free allowance of a project, in GB'),
  })
  .meta({ id: 'Settings' });
export type Settings = z.infer<typeof Settings>;
export const UpdateSettingsBody = Settings.partial().strict();
