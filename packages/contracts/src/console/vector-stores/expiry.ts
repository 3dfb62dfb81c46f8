import { z } from 'zod';
import { LIMITS } from '../../limits.ts';
import { Instant, JsonMap } from '../common.ts';
import {
  ExpiryPolicy,
  OpenAiFileExpiry,
  OpenAiStoreExpiry,
  TerraformExpiry,
  WrittenExpiryPolicy,
} from './expiry-policy.ts';
import { VectorStoreFilter } from './vector-stores.ts';

const SOURCES = ['policy', 'storePolicy', 'filePolicy', 'terraform'] as const;

/** A policy in exactly one form, and the instants of its object; without them it counts as created now. */
export const ConvertExpiryBody = z
  .strictObject({
    policy: WrittenExpiryPolicy.nullable().optional().describe("Espejo's own"),
    storePolicy: OpenAiStoreExpiry.nullable().optional(),
    filePolicy: OpenAiFileExpiry.nullable().optional(),
    terraform: TerraformExpiry.nullable().optional(),
    createdAt: Instant.min(0).max(LIMITS.expiryInstantSMax).optional(),
    lastActiveAt: Instant.min(0).max(LIMITS.expiryInstantSMax).nullable().optional(),
  })
  .refine((body) => SOURCES.filter((source) => body[source] !== undefined).length === 1, {
    message: `give exactly one of ${SOURCES.join(', ')}; null means never`,
  });
export type ConvertExpiryBody = z.input<typeof ConvertExpiryBody>;

export const ExpiryForm = z.enum(['espejo', 'openai_store', 'openai_file', 'terraform']);
export type ExpiryForm = z.infer<typeof ExpiryForm>;

export const ExpiryReason = z.object({
  code: z.string().describe('anchor_changes, rounded_up, raised_to_minimum; above_maximum, already_expired'),
  message: z.string(),
  before: Instant.nullable().describe('The current expiry'),
  after: Instant.nullable().describe('The resulting expiry, as of now'),
});

export const ExpiryConversionRow = z.object({
  form: ExpiryForm,
  result: z.enum(['exact', 'lossy', 'refused']),
  value: JsonMap.nullable().describe('What to write in this form; null: never, or refused'),
  expiresAt: Instant.nullable().describe('The expiry in this form, as of now; null: never, or refused'),
  reasons: z.array(ExpiryReason).describe('Everything that changes, or why it cannot be expressed'),
  text: z.string(),
});
export type ExpiryConversionRow = z.infer<typeof ExpiryConversionRow>;

/** One policy in every form, before any of them is saved. */
export const ExpiryConversion = z
  .object({
    now: Instant,
    source: ExpiryForm,
    policy: ExpiryPolicy,
    expiresAt: Instant.nullable(),
    text: z.string(),
    rows: z.array(ExpiryConversionRow),
  })
  .meta({ id: 'ExpiryConversion' });
export type ExpiryConversion = z.infer<typeof ExpiryConversion>;

/** Extends many stores. `days` adds to the policy of each; `policy` replaces it. */
export const ExtendVectorStoresBody = z
  .strictObject({
    storeIds: z.array(z.string().min(1).max(LIMITS.idMax)).min(1).max(LIMITS.bulkItemsMax).optional(),
    filter: VectorStoreFilter.optional().describe('Every store that matches now'),
    exceptStoreIds: z
      .array(z.string().min(1).max(LIMITS.idMax))
      .max(LIMITS.bulkItemsMax)
      .optional()
      .describe('With filter: stores that stay as they are although they match'),
    days: z.int().min(1).max(LIMITS.expiryDaysMax).optional(),
    policy: WrittenExpiryPolicy.optional(),
  })
  .refine((body) => (body.storeIds === undefined) !== (body.filter === undefined), {
    message: 'give storeIds or filter, and only one of them',
  })
  .refine((body) => body.exceptStoreIds === undefined || body.filter !== undefined, {
    message: 'exceptStoreIds is only for a filter',
  })
  .refine((body) => (body.days === undefined) !== (body.policy === undefined), {
    message: 'give days or policy, and only one of them',
  });
export type ExtendVectorStoresBody = z.input<typeof ExtendVectorStoresBody>;

export const ExtendedStore = z.object({
  id: z.string(),
  name: z.string().nullable(),
  expiryPolicy: ExpiryPolicy,
  expiresAtBefore: Instant.nullable(),
  expiresAt: Instant.nullable(),
  wasExpired: z.boolean().describe('It had expired and is served again'),
});
export const RefusedStore = z.object({
  id: z.string(),
  name: z.string().nullable(),
  code: z.string().describe('An error code: vector_store_read_only for a mirror'),
  message: z.string(),
});
export const ExtendResult = z
  .object({ extended: z.array(ExtendedStore), refused: z.array(RefusedStore) })
  .meta({ id: 'ExtendResult' });
export type ExtendResult = z.infer<typeof ExtendResult>;
