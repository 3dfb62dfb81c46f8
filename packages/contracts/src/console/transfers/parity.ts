import { z } from 'zod';
import { LIMITS } from '../../limits.ts';
import { Instant } from '../common.ts';

const StoreId = z.string().min(1).max(LIMITS.idMax);
const Query = z.string().trim().min(1).max(4_096);

/** Queries for two stores. */
export const CompareStoresBody = z.strictObject({
  leftStoreId: StoreId,
  rightStoreId: StoreId,
  queries: z.array(Query).min(1).max(50),
  depth: z.int().min(1).max(50).default(10).describe('How many files of each result are compared'),
});
export type CompareStoresBody = z.input<typeof CompareStoresBody>;

export const ParityHit = z.object({
  fileId: z.string(),
  filename: z.string(),
  score: z.number(),
  isShared: z.boolean().describe('The other result has the same file'),
});

export const ParityQuery = z.object({
  query: z.string(),
  overlap: z.number().describe('Share of the first files that both have, 0..1'),
  rankCorrelation: z
    .number()
    .nullable()
    .describe("Kendall's tau of the files that both have, -1..1; null when there are fewer than two"),
  left: z.array(ParityHit),
  right: z.array(ParityHit),
});
export type ParityQuery = z.infer<typeof ParityQuery>;

export const ParityRun = z
  .object({
    id: z.string(),
    leftStoreId: z.string(),
    rightStoreId: z.string(),
    depth: z.int(),
    queryCount: z.int(),
    meanOverlap: z.number(),
    meanRankCorrelation: z.number().nullable(),
    queries: z.array(ParityQuery),
    actor: z.string(),
    createdAt: Instant,
  })
  .meta({ id: 'ParityRun' });
export type ParityRun = z.infer<typeof ParityRun>;

export const ListParityRunsQuery = z.object({
  leftStoreId: StoreId,
  rightStoreId: StoreId,
  limit: z.coerce.number().int().min(1).max(100).default(30),
});
export const ParityRunList = z.object({ data: z.array(ParityRun) }).meta({ id: 'ParityRunList' });
export type ParityRunList = z.infer<typeof ParityRunList>;
