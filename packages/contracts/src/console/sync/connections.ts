import { z } from 'zod';
import { LIMITS } from '../../limits.ts';
import { Instant } from '../common.ts';

export const ConnectionHealth = z.object({
  status: z.enum([
    'unknown',
    'ok',
    'unauthorized',
    'forbidden',
    'rate_limited',
    'unavailable',
    'malformed',
    'needs_review',
  ]),
  message: z.string().nullable(),
  checkedAt: Instant.nullable(),
});

/** One upstream OpenAI project. The key is write-only: it is encrypted at rest and never returned. */
export const Connection = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['openai', 'sandbox']),
    origin: z.enum(['environment', 'console', 'built_in']).describe('environment: set by OPENAI_*, edited there'),
    baseUrl: z.string(),
    organization: z.string().nullable(),
    project: z.string().nullable(),
    hasApiKey: z.boolean(),
    isEnabled: z.boolean(),
    syncCron: z.string(),
    isSyncEnabled: z.boolean(),
    nextTicks: z.array(Instant),
    removalGraceSeconds: z.int(),
    concurrency: z.int(),
    health: ConnectionHealth,
    storeCount: z.int(),
    fileCount: z.int(),
    usageBytes: z.int(),
    lastCompleteSyncAt: Instant.nullable(),
    activeRunId: z.string().nullable(),
    createdAt: Instant,
  })
  .meta({ id: 'Connection' });
export type Connection = z.infer<typeof Connection>;
export const ConnectionList = z.object({ data: z.array(Connection) }).meta({ id: 'ConnectionList' });

const BaseUrl = z.url({ protocol: /^https?$/ }).max(2048);
const Name = z.string().trim().min(1).max(100);
const Cron = z.string().min(1).max(100).describe('Five or six fields, as node-cron reads them');

export const CreateConnectionBody = z.strictObject({
  name: Name,
  baseUrl: BaseUrl.default('https://api.openai.com/v1'),
  apiKey: z.string().trim().min(1).max(512),
  organization: z.string().trim().max(256).nullable().default(null),
  project: z.string().trim().max(256).nullable().default(null),
  syncCron: Cron.optional(),
  isSyncEnabled: z.boolean().default(true),
  removalGraceSeconds: z.int().min(0).max(31_536_000).optional(),
  concurrency: z.int().min(1).max(LIMITS.connectionConcurrencyMax).optional(),
});
export type CreateConnectionBody = z.input<typeof CreateConnectionBody>;

export const UpdateConnectionBody = z
  .strictObject({
    name: Name,
    baseUrl: BaseUrl,
    apiKey: z.string().trim().min(1).max(512),
    organization: z.string().trim().max(256).nullable(),
    project: z.string().trim().max(256).nullable(),
    syncCron: Cron,
    isSyncEnabled: z.boolean(),
    isEnabled: z.boolean(),
    removalGraceSeconds: z.int().min(0).max(31_536_000),
    concurrency: z.int().min(1).max(LIMITS.connectionConcurrencyMax),
  })
  .partial();
export type UpdateConnectionBody = z.input<typeof UpdateConnectionBody>;

/** Tests a connection that is not saved yet. */
export const TestConnectionBody = z.strictObject({
  baseUrl: BaseUrl.default('https://api.openai.com/v1'),
  apiKey: z.string().trim().min(1).max(512),
  organization: z.string().trim().max(256).nullable().default(null),
  project: z.string().trim().max(256).nullable().default(null),
});
export type TestConnectionBody = z.input<typeof TestConnectionBody>;

/** A failed test is a result, not an error: 200 with `ok: false`, the code and what to do. */
const TestedPermission = z
  .object({
    permission: z.enum(['read_vector_stores', 'read_files', 'write']),
    state: z
      .enum(['allowed', 'refused', 'unknown'])
      .meta({ description: 'unknown: not tested, or the response says nothing about the key.' }),
    message: z.string().nullable().meta({ description: 'Why it is not allowed, or not known.' }),
  })
  .meta({ id: 'TestedPermission' });

export const ConnectionTestResult = z
  .object({
    ok: z.boolean(),
    code: z.string().nullable(),
    message: z.string(),
    permissions: z.array(TestedPermission),
    latencyMs: z.int(),
    organization: z.string().nullable(),
    project: z.string().nullable(),
  })
  .meta({ id: 'ConnectionTestResult' });
export type ConnectionTestResult = z.infer<typeof ConnectionTestResult>;

export const CronPreviewQuery = z.object({ expression: Cron });
export const CronPreview = z
  .object({ expression: z.string(), nextTicks: z.array(Instant) })
  .meta({ id: 'CronPreview' });
export type CronPreview = z.infer<typeof CronPreview>;
