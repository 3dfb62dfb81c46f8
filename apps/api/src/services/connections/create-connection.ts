import { AppError, type Authorized, prefixedId } from '@espejo/core';
import type { ConnectionRow } from '@espejo/db';
import type { ConnectionContext } from '../context/app-context.ts';
import { auditConnection } from './audit-connection.ts';
import { normalizeBaseUrl } from './base-url.ts';
import { DEFAULT_CONCURRENCY, keyContext } from './connection-key.ts';
import { requireCron } from './cron.ts';
import { presentConnection } from './present-connection.ts';
import type { Connection } from './views.ts';

export interface CreateConnectionInput {
  readonly by: Authorized<'manage'>;
  readonly name: string;
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly organization: string | null;
  readonly project: string | null;
  readonly syncCron?: string | undefined;
  readonly isSyncEnabled: boolean;
  readonly removalGraceSeconds?: number | undefined;
  readonly concurrency?: number | undefined;
}

/**
 * Saves a connection and schedules its sync. The same key for the same base URL and project is `connection_duplicate`.
 */
export async function createConnection(deps: ConnectionContext, input: CreateConnectionInput): Promise<Connection> {
  const { by } = input;
  const { tenantId } = by;
  const syncCron = input.syncCron ?? deps.defaults.syncCron;
  requireCron(syncCron);
  const nowMs = deps.clock.nowMs();
  const id = prefixedId('conn', nowMs, deps.randomHex);
  const row: ConnectionRow = {
    tenantId,
    id,
    name: input.name,
    kind: 'openai',
    origin: 'console',
    baseUrl: normalizeBaseUrl(input.baseUrl),
    apiKeyCipher: deps.secrets.seal(input.apiKey, keyContext(tenantId, id)),
    apiKeyFingerprint: deps.secrets.fingerprint(input.apiKey),
    organization: input.organization || null,
    project: input.project || null,
    isEnabled: true,
    syncCron,
    isSyncEnabled: input.isSyncEnabled,
    removalGraceS: input.removalGraceSeconds ?? deps.defaults.removalGraceS,
    concurrency: input.concurrency ?? DEFAULT_CONCURRENCY,
    ...NEVER_SYNCED,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  await deps.db.transaction(async (tx) => {
    refuseDuplicate(await tx.connections.list(tenantId), row);
    await tx.connections.insert(row);
    const detail = { name: row.name, baseUrl: row.baseUrl };
    await auditConnection(tx, by, { id, atMs: nowMs, action: 'connection.created', detail });
  });
  deps.scheduler.set(row);
  deps.log.info({ connectionId: id, baseUrl: row.baseUrl }, 'connection created');
  return presentConnection(deps, row);
}

export const NEVER_SYNCED = {
  healthStatus: 'unknown',
  healthMessage: null,
  healthCheckedAtMs: null,
  seenOrganization: null,
  seenProject: null,
  storesListedAtMs: null,
  filesListedAtMs: null,
  completeSyncAtMs: null,
  toolStates: null,
  toolsReadAtMs: null,
  approvedRunId: null,
} as const satisfies Partial<ConnectionRow>;

/** Two connections with the same key, base URL and project would mirror one project twice. */
export function refuseDuplicate(existing: readonly ConnectionRow[], row: ConnectionRow): void {
  const twin = existing.find(
    (other) =>
      other.id !== row.id &&
      other.baseUrl === row.baseUrl &&
      other.apiKeyFingerprint === row.apiKeyFingerprint &&
      other.organization === row.organization &&
      other.project === row.project,
  );
  if (twin === undefined) return;
  throw new AppError(
    'connection_duplicate',
    `Connection '${twin.name}' already mirrors this project with this key. Edit that one instead.`,
  );
}
