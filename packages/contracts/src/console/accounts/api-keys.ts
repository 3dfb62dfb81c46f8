import { z } from 'zod';
import { LIMITS } from '../../limits.ts';
import { Instant } from '../common.ts';

export const Role = z
  .enum(['viewer', 'editor', 'admin', 'owner'])
  .describe(
    'viewer: reads and searches; editor: also changes stores and files and deletes; admin: also connections, settings and approvals; owner: also keys',
  );
export type Role = z.infer<typeof Role>;

export const Action = z
  .enum(['read', 'search', 'write', 'delete', 'sync', 'manage', 'own'])
  .describe(
    'read: see everything but keys and the audit log; search: search stores; write: change stores and files; delete: plan and carry out deletions; sync: start and stop syncs; manage: connections, settings, approvals, the audit log; own: keys and members',
  );
export type Action = z.infer<typeof Action>;

export const ApiKey = z
  .object({
    id: z.string(),
    name: z.string(),
    role: Role,
    actions: z.array(Action).readonly().nullable().describe('The actions it is limited to; null: all of its role'),
    storeIds: z.array(z.string()).readonly().nullable().describe('The stores it is limited to; null: all'),
    prefix: z.string().describe('The first characters of the key; the rest is not stored'),
    createdBy: z.string(),
    createdAt: Instant,
    expiresAt: Instant.nullable(),
    lastUsedAt: Instant.nullable().describe('To the minute'),
    revokedAt: Instant.nullable(),
    state: z.enum(['active', 'expired', 'revoked']),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ApiKey>;
export const ApiKeyList = z.object({ data: z.array(ApiKey) }).meta({ id: 'ApiKeyList' });

export const CreateApiKeyBody = z.strictObject({
  name: z.string().trim().min(1).max(128),
  role: Role,
  actions: z.array(Action).min(1).nullable().default(null).describe('null: all of its role'),
  storeIds: z
    .array(z.string().min(1).max(LIMITS.idMax))
    .min(1)
    .max(100)
    .nullable()
    .default(null)
    .describe('null: all stores. A key limited to some sees no others, and nothing that does not belong to one store'),
  expiresInDays: z.int().min(1).max(3_650).nullable().default(null).describe('null: never'),
});
export type CreateApiKeyBody = z.input<typeof CreateApiKeyBody>;

export const RotateApiKeyBody = z.strictObject({
  overlapHours: z.int().min(0).max(720).default(24).describe('How long the old key works beside the new one'),
});

export const CreatedApiKey = ApiKey.extend({
  key: z.string().describe('The key itself. It is shown only this once and not stored'),
}).meta({ id: 'CreatedApiKey' });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;

/** The caller and its scopes. */
export const WhoAmI = z
  .object({
    actor: z.string(),
    role: Role,
    actions: z.array(Action).readonly().nullable(),
    storeIds: z.array(z.string()).readonly().nullable(),
  })
  .meta({ id: 'WhoAmI' });
export type WhoAmI = z.infer<typeof WhoAmI>;
