import { z } from 'zod';
import { Instant } from './common.ts';

/** What the console's frame shows on every page. */
export const Status = z
  .object({
    version: z.string(),
    isSandbox: z.boolean().describe('The built-in sandbox is a connection: sample data'),
    storeCount: z.int(),
    mirrorCount: z.int(),
    primaryCount: z.int(),
    fileCount: z.int(),
    orphanCount: z.int(),
    connectionCount: z.int(),
    activeRunIds: z.array(z.string()),
    reviewRunIds: z.array(z.string()).describe('Runs that wait for a person'),
    openDeletionCount: z.int().describe('Deletions that are waiting or running'),
    heldBack: z
      .array(z.string())
      .describe('Why nothing is deleted for its age, or swept, until a person reviews it; one sentence each'),
    asOf: Instant.nullable(),
    nextSyncAt: Instant.nullable(),
    now: Instant,
  })
  .meta({ id: 'Status' });
export type Status = z.infer<typeof Status>;

export const Readiness = z.object({ status: z.enum(['ready', 'not_ready']), checks: z.record(z.string(), z.string()) });
