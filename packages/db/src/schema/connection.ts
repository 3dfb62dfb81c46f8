import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** One upstream OpenAI project. The key is stored encrypted; this package never sees it in clear. */
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
    /** Keyed hash of the API key: tells two connections with one key apart from two projects, without the key. */
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
    /** Organization and project that the last accepted listing said it belongs to. */
    seenOrganization: text('seen_organization'),
    seenProject: text('seen_project'),
    /** End of the last complete listing of stores, of files, and of the last run with nothing incomplete. */
    storesListedAtMs: integer('stores_listed_at_ms'),
    filesListedAtMs: integer('files_listed_at_ms'),
    completeSyncAtMs: integer('complete_sync_at_ms'),
    /** Which tools besides vector stores could be asked for their files, and when; null: not asked yet. */
    toolStates: text('tool_states'),
    toolsReadAtMs: integer('tools_read_at_ms'),
    /** The reviewed run whose removals a person approved, until they are done. */
    approvedRunId: text('approved_run_id'),
    createdAtMs: integer('created_at_ms').notNull(),
    updatedAtMs: integer('updated_at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), index('connection_by_created').on(t.tenantId, t.createdAtMs)],
);
