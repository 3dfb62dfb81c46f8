import type { Connection } from '@espejo/contracts';
import { AppError, type Authorized } from '@espejo/core';
import type { ConnectionPatch } from '@espejo/db';
import { requireCron } from '../../jobs/cron.ts';
import { auditConnection } from './audit-connection.ts';
import { normalizeBaseUrl } from './base-url.ts';
import { type ConnectionDeps, keyContext } from './connection-deps.ts';
import { refuseDuplicate } from './create-connection.ts';
import { getConnectionRow } from './get-connection.ts';
import { presentConnection } from './present-connection.ts';
import { stopRuns } from './stop-runs.ts';

export interface UpdateConnectionInput {
  readonly by: Authorized<'manage'>;
  readonly id: string;
  readonly name?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly organization?: string | null | undefined;
  readonly project?: string | null | undefined;
  readonly syncCron?: string | undefined;
  readonly isSyncEnabled?: boolean | undefined;
  readonly isEnabled?: boolean | undefined;
  readonly removalGraceSeconds?: number | undefined;
  readonly concurrency?: number | undefined;
}

/**
 * Edits a connection and its place on the schedule. Where a connection set by the environment points to is edited in
 * the environment. A changed key or place keeps the mirror: the next sync compares before it believes. A sync under way
 * with the old ones, or of a connection that is disabled, is stopped.
 */
export async function updateConnection(deps: ConnectionDeps, input: UpdateConnectionInput): Promise<Connection> {
  const { by, id } = input;
  const { tenantId } = by;
  const before = await getConnectionRow(deps, tenantId, id);
  const pointsElsewhere = [input.baseUrl, input.apiKey, input.organization, input.project].some(
    (value) => value !== undefined,
  );
  if (pointsElsewhere && before.origin !== 'console') {
    throw new AppError(
      'connection_read_only',
      before.origin === 'environment'
        ? 'This connection comes from the environment (OPENAI_BASE_URL, OPENAI_API_KEY, …). Change it there and restart Espejo.'
        : 'This is the built-in sandbox; it has no address or key of its own to change.',
    );
  }
  if (input.syncCron !== undefined) requireCron(input.syncCron);
  const { apiKey, removalGraceSeconds } = input;
  const patch: ConnectionPatch = {
    ...defined({
      name: input.name,
      baseUrl: input.baseUrl === undefined ? undefined : normalizeBaseUrl(input.baseUrl),
      organization: input.organization === undefined ? undefined : input.organization || null,
      project: input.project === undefined ? undefined : input.project || null,
      syncCron: input.syncCron,
      isSyncEnabled: input.isSyncEnabled,
      isEnabled: input.isEnabled,
      removalGraceS: removalGraceSeconds,
      concurrency: input.concurrency,
    }),
    ...(apiKey === undefined
      ? {}
      : {
          apiKeyCipher: deps.secrets.seal(apiKey, keyContext(tenantId, id)),
          apiKeyFingerprint: deps.secrets.fingerprint(apiKey),
        }),
    // What was known of the old place, its approval too, says nothing of the new one.
    ...(pointsElsewhere ? { healthStatus: 'unknown', healthMessage: null, approvedRunId: null } : {}),
    updatedAtMs: deps.clock.nowMs(),
  };
  const after = { ...before, ...patch };
  await deps.db.transaction(async (tx) => {
    refuseDuplicate(await tx.connections.list(tenantId), after);
    await tx.connections.update(tenantId, id, patch);
    await auditConnection(tx, by, {
      id,
      atMs: deps.clock.nowMs(),
      action: 'connection.updated',
      detail: { fields: changedFields(input) },
    });
  });
  deps.scheduler.set(after);
  if (pointsElsewhere || !after.isEnabled) await stopRuns(deps, id);
  return presentConnection(deps, after);
}

/** Which fields an edit names; their values stay out of the audit, for one of them is the key. */
function changedFields({ by: _, id: __, ...fields }: UpdateConnectionInput): string[] {
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : name));
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
