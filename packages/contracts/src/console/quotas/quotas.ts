import { z } from 'zod';
import { LIMITS } from '../../limits.ts';
import { Instant } from '../common.ts';
import { MimePattern } from '../vector-stores/primary-stores.ts';

const Max = z.int().min(0).nullable().default(null);

/** What the operator allows a tenant. */
export const QuotaLimits = z
  .object({
    storesMax: Max.describe('Primary stores, those in the trash included'),
    filesPerStoreMax: Max.describe('Files in one primary store'),
    fileBytesMax: z.int().min(1).nullable().default(null).describe('Bytes of one file'),
    totalBytesMax: Max.describe('Bytes of all files together, pending uploads included'),
    searchesPerDayMax: Max.describe('Searches on a day, UTC'),
    ingestedTokensPerDayMax: Max.describe('Tokens of files ingested on a day, UTC'),
    // 0 would shut the tenant out for good.
    requestsPerMinuteMax: z
      .int()
      .min(1)
      .max(1_000_000)
      .nullable()
      .default(null)
      .describe('Requests, /api and /v1 together'),
    allowedMimeTypes: z.array(MimePattern).max(200).nullable().default(null).describe('null: all types'),
  })
  .describe('null: no such limit')
  .meta({ id: 'QuotaLimits' });
export type QuotaLimits = z.output<typeof QuotaLimits>;

const { shape } = QuotaLimits;
/** Some of the limits. */
export const SomeQuotaLimits = z
  .strictObject({
    storesMax: shape.storesMax.unwrap().optional(),
    filesPerStoreMax: shape.filesPerStoreMax.unwrap().optional(),
    fileBytesMax: shape.fileBytesMax.unwrap().optional(),
    totalBytesMax: shape.totalBytesMax.unwrap().optional(),
    searchesPerDayMax: shape.searchesPerDayMax.unwrap().optional(),
    ingestedTokensPerDayMax: shape.ingestedTokensPerDayMax.unwrap().optional(),
    requestsPerMinuteMax: shape.requestsPerMinuteMax.unwrap().optional(),
    allowedMimeTypes: shape.allowedMimeTypes.unwrap().optional(),
  })
  .meta({ id: 'SomeQuotaLimits' });
export type SomeQuotaLimits = z.output<typeof SomeQuotaLimits>;

const PlanId = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be lower-case letters, digits, - and _, such as team-large')
  .describe('The id by which tenants are given it; never changes');
const PlanName = z.string().trim().min(1).max(LIMITS.nameMax);

export const Plan = z
  .object({
    id: z.string(),
    name: z.string(),
    isBuiltIn: z.boolean().describe('unlimited: the built-in plan of a tenant without another. It cannot be changed'),
    limits: QuotaLimits,
    createdAt: Instant.nullable().describe('null: built in'),
    updatedAt: Instant.nullable(),
  })
  .meta({ id: 'Plan' });
export type Plan = z.output<typeof Plan>;
export const PlanList = z.object({ data: z.array(Plan) }).meta({ id: 'PlanList' });

export const CreatePlanBody = z.strictObject({
  id: PlanId,
  name: PlanName,
  limits: SomeQuotaLimits.default({}).describe('Absent limits are unlimited'),
});
export type CreatePlanBody = z.output<typeof CreatePlanBody>;
export const UpdatePlanBody = z.strictObject({
  name: PlanName.optional(),
  limits: SomeQuotaLimits.default({}).describe('Absent limits stay unchanged'),
});
export type UpdatePlanBody = z.output<typeof UpdatePlanBody>;

export const TenantPlan = z
  .object({
    tenantId: z.string(),
    plan: Plan,
    overrides: SomeQuotaLimits.describe('The overrides of this tenant'),
    limits: QuotaLimits.describe('The plan with the overrides applied'),
  })
  .meta({ id: 'TenantPlan' });
export type TenantPlan = z.output<typeof TenantPlan>;
export const PutTenantPlanBody = z.strictObject({
  planId: z.string().max(64),
  overrides: SomeQuotaLimits.default({}).describe(
    'Replaces all overrides; null: no such limit, whatever the plan says',
  ),
});
export type PutTenantPlanBody = z.output<typeof PutTenantPlanBody>;

export const LimitUsage = z.object({
  name: z.enum([
    'storesMax',
    'filesPerStoreMax',
    'fileBytesMax',
    'totalBytesMax',
    'searchesPerDayMax',
    'ingestedTokensPerDayMax',
    'requestsPerMinuteMax',
  ]),
  unit: z.enum(['stores', 'files', 'bytes', 'searches', 'tokens', 'requests']),
  used: z
    .int()
    .nullable()
    .describe('null: a limit of each single store or file, or not counted while there is no limit'),
  max: z.int().nullable().describe('null: no limit'),
  setBy: z.enum(['plan', 'settings']).nullable().describe('Where the limit comes from: the stricter of the two'),
  resetsAt: Instant.nullable().describe('When it resets; null: only when something is removed'),
});
export type LimitUsage = z.output<typeof LimitUsage>;

export const Usage = z
  .object({
    plan: z.object({ id: z.string(), name: z.string() }),
    limits: z.array(LimitUsage),
    allowedMimeTypes: z
      .array(z.array(z.string()))
      .describe('A file must be of a type in each list: that of the plan and that of the settings. None: every type'),
  })
  .meta({ id: 'Usage' });
export type Usage = z.output<typeof Usage>;
