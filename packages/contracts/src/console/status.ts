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
    asOf: Instant.nullable(),
    nextSyncAt: Instant.nullable(),
    now: Instant,
  })
  .meta({ id: 'Status' });
export type Status = z.infer<typeof Status>;

export const Readiness = z.object({ status: z.enum(['ready', 'not_ready']), checks: z.record(z.string(), z.string()) });
