import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** One upstream OpenAI project. The key is stored encrypted; this package never has it in clear. */
export const connection = sqliteTable(
  'connection',
  {
    tenantId: text('tenant_id').notNull(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    kind: text('kind', { enum: ['openai', 'sandbox'] }).notNull(),
    origin: text('origin', { enum: ['environment', 'console', 'built_in'] }).notNull(),
    baseUrl: text('base_url').notNull(),
    apiKeyCipher: text('api_key_cipher'),
    /** Keyed hash of the API key: shows whether two connections use the same key, without storing it. */
    apiKeyFingerprint: text('api_key_fingerprint'),
    organization: text('organization'),
    project: text('project'),
    isEnabled: integer('is_enabled', { mode: 'boolean' }).notNull(),
    syncCron: text('sync_cron').notNull(),
    isSyncEnabled: integer('is_sync_enabled', { mode: 'boolean' }).notNull(),
    removalGraceS: integer('removal_grace_s').notNull(),
    concurrency: integer('concurrency').notNull(),
    healthStatus: text('health_status').notNull(),
    healthMessage: text('health_message'),
    healthCheckedAtMs: integer('health_checked_at_ms'),
    /** Organization and project, according to the last accepted listing. */
    seenOrganization: text('seen_organization'),
    seenProject: text('seen_project'),
    /** When the last complete listing of stores, of files, and the last complete run ended. */
    storesListedAtMs: integer('stores_listed_at_ms'),
    filesListedAtMs: integer('files_listed_at_ms'),
    completeSyncAtMs: integer('complete_sync_at_ms'),
    /** Which other tools could be read for the files they use, and when; null: not read yet. */
    toolStates: text('tool_states'),
    toolsReadAtMs: integer('tools_read_at_ms'),
    /** The reviewed run whose removals a person approved, until they are done. */
    approvedRunId: text('approved_run_id'),
    createdAtMs: integer('created_at_ms').notNull(),
    updatedAtMs: integer('updated_at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), index('connection_by_created').on(t.tenantId, t.createdAtMs)],
);
