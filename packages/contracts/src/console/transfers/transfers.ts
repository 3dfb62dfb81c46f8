import { z } from 'zod';
import { LIMITS } from '../../limits.ts';
import { Instant, PageQuery, pageOf } from '../common.ts';

const StoreId = z.string().min(1).max(LIMITS.idMax);
const Kind = z
  .enum(['adopt', 'publish'])
  .describe('adopt: copies a mirror into a primary store; publish: copies a primary store into a project');

/** What to copy, and where to. Without a name, that of the source. */
export const StartTransferBody = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('adopt'),
    storeId: StoreId.describe('A mirror'),
    name: z.string().max(LIMITS.nameMax).optional(),
  }),
  z.strictObject({
    kind: z.literal('publish'),
    storeId: StoreId.describe('A primary store'),
    connectionId: z.string().min(1).max(LIMITS.idMax),
    name: z.string().max(LIMITS.nameMax).optional(),
  }),
]);
export type StartTransferBody = z.infer<typeof StartTransferBody>;

export const TransferPreviewQuery = z.object({
  kind: Kind,
  connectionId: z.string().min(1).max(LIMITS.idMax).optional().describe('Where to publish to'),
});

/** What a transfer would do, as far as it is known beforehand. */
export const TransferPreview = z
  .object({
    kind: Kind,
    sourceStoreId: z.string(),
    name: z.string().nullable(),
    fileCount: z.int().describe('Files that would be copied'),
    skippedCount: z.int().describe('Files that would not, because they are not completed'),
    sizeBytes: z.int().describe('Indexed bytes of the source'),
    requests: z.int().describe('The least number of requests to upstream'),
    monthlyCostUsd: z.number().nullable().describe('Publishing: what it adds to the bill of the project; an estimate'),
    notes: z.array(z.string()).describe('What the copy lacks compared with its source'),
  })
  .meta({ id: 'TransferPreview' });
export type TransferPreview = z.infer<typeof TransferPreview>;

export const Transfer = z
  .object({
    id: z.string(),
    kind: Kind,
    status: z
      .enum(['running', 'parked', 'succeeded', 'cancelled'])
      .describe('parked: it waits for a person; `reason` says for what'),
    phase: z.enum(['listing', 'copying', 'indexing', 'finishing', 'done']),
    source: z.object({ id: z.string(), name: z.string().nullable() }),
    target: z.object({ id: z.string().nullable(), name: z.string().nullable() }),
    connectionId: z.string(),
    counts: z.object({
      expected: z.int().describe('Files of the source, those that are left out included'),
      copied: z.int().describe('Of those: in the target, indexed or not'),
      written: z.int().describe('Of those: in the target and indexed'),
      failed: z.int(),
      skipped: z.int().describe('Files of the source that are not to be copied'),
    }),
    isFinishable: z.boolean().describe('It can be finished without the failed files'),
    notes: z.array(z.string()),
    reason: z.string().nullable(),
    actor: z.string(),
    createdAt: Instant,
    finishedAt: Instant.nullable(),
  })
  .meta({ id: 'Transfer' });
export type Transfer = z.infer<typeof Transfer>;

export const ListTransfersQuery = PageQuery.extend({
  storeId: z.string().max(LIMITS.idMax).optional().describe('On either side'),
});
export const TransferPage = pageOf(Transfer).meta({ id: 'TransferPage' });
export type TransferPage = z.infer<typeof TransferPage>;

export const TransferItem = z
  .object({
    id: z.string(),
    sourceFileId: z.string(),
    filename: z.string(),
    state: z.enum(['waiting', 'copying', 'copied', 'done', 'failed', 'skipped']),
    targetFileId: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'TransferItem' });
export type TransferItem = z.infer<typeof TransferItem>;

export const ListTransferItemsQuery = PageQuery.extend({
  state: z.enum(['failed', 'skipped']).optional().describe('Absent: all'),
});
export const TransferItemPage = pageOf(TransferItem).meta({ id: 'TransferItemPage' });
export type TransferItemPage = z.infer<typeof TransferItemPage>;
