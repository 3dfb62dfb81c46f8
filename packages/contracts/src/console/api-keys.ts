import { z } from 'zod';
import { Instant } from './common.ts';

export const Role = z
  .enum(['viewer', 'editor', 'admin', 'owner'])
  .describe(
    'viewer: reads and searches; editor: also changes stores and files and deletes; admin: also connections, settings and approvals; owner: also keys',
  );
export type Role = z.infer<typeof Role>;

export const ApiKey = z
  .object({
    id: z.string(),
    name: z.string(),
    role: Role,
    prefix: z.string().describe('The first characters of the key; the rest is known to whoever made it'),
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
  expiresInDays: z.int().min(1).max(3_650).nullable().default(null).describe('null: never'),
});
export type CreateApiKeyBody = z.input<typeof CreateApiKeyBody>;

export const RotateApiKeyBody = z.strictObject({
  overlapHours: z.int().min(0).max(720).default(24).describe('How long the old key goes on working beside the new one'),
});

export const CreatedApiKey = ApiKey.extend({
  key: z.string().describe('The key itself. It is shown this once and kept nowhere'),
}).meta({ id: 'CreatedApiKey' });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;

/** Who asks. */
export const Session = z.object({ actor: z.string(), role: Role }).meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;
