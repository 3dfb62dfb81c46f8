import { AppError, type Authorized } from '@espejo/core';
import type { ConnectionPatch, ConnectionRow } from '@espejo/db';
import type { ConnectionContext } from '../context/app-context.ts';
import { auditConnection } from './audit-connection.ts';
import { normalizeBaseUrl } from './base-url.ts';
import { keyContext } from './connection-key.ts';
import { refuseDuplicate } from './create-connection.ts';
import { requireCron } from './cron.ts';
import { connectionNotFound } from './get-connection.ts';
import { presentConnection } from './present-connection.ts';
import { stopRuns } from './stop-runs.ts';
import type { Connection } from './views.ts';

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
 * Edits a connection and its schedule. The base URL and project of a connection from the environment can only be edited
 * there. A changed key or project keeps the mirror: the next sync compares before it applies removals. A running sync
 * with the old settings, or of a connection that is disabled, is stopped. A stored key is only sent where it was
 * entered for: another base URL, organization or project without the key in the same edit is `api_key_required`.
 */
export async function updateConnection(deps: ConnectionContext, input: UpdateConnectionInput): Promise<Connection> {
  const { by, id } = input;
  const { tenantId } = by;
  const pointsElsewhere = [input.baseUrl, input.apiKey, input.organization, input.project].some(
    (value) => value !== undefined,
  );
  // Read in the transaction that writes: a concurrent edit may have replaced the address.
  const after = await deps.db.transaction(async (tx) => {
    const before = await tx.connections.find(tenantId, id);
    if (before === undefined) throw connectionNotFound(id);
    if (pointsElsewhere) assertOwnPlace(before);
    const patch = {
      ...toPatch(deps, input),
      // Approval and health of the old project say nothing about the new one.
      ...(pointsElsewhere ? { healthStatus: 'unknown', healthMessage: null, approvedRunId: null } : {}),
    } as const;
    const row = { ...before, ...patch };
    const isMoved = !isSameAddress(before, row);
    if (isMoved && input.apiKey === undefined && before.apiKeyCipher !== null) throw apiKeyRequired();
    refuseDuplicate(await tx.connections.list(tenantId), row);
    await tx.connections.update(tenantId, id, patch);
    await auditConnection(tx, by, {
      id,
      atMs: row.updatedAtMs,
      action: 'connection.updated',
      detail: {
        fields: changedFields(input),
        ...(isMoved && { before: addressOf(before), after: addressOf(row) }),
      },
    });
    return row;
  });
  deps.scheduler.set(after);
  if (pointsElsewhere || !after.isEnabled) await stopRuns(deps, after);
  return presentConnection(deps, after);
}

function toPatch(deps: ConnectionContext, input: UpdateConnectionInput): ConnectionPatch & { updatedAtMs: number } {
  const { by, id, apiKey, removalGraceSeconds } = input;
  if (input.syncCron !== undefined) requireCron(input.syncCron);
  return {
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
          apiKeyCipher: deps.secrets.seal(apiKey, keyContext(by.tenantId, id)),
          apiKeyFingerprint: deps.secrets.fingerprint(apiKey),
        }),
    updatedAtMs: deps.clock.nowMs(),
  };
}

function assertOwnPlace({ origin }: ConnectionRow): void {
  if (origin === 'console') return;
  throw new AppError(
    'connection_read_only',
    origin === 'environment'
      ? 'This connection comes from the environment (OPENAI_BASE_URL, OPENAI_API_KEY, …). Change it there and restart Espejo.'
      : 'This is the built-in sandbox; it has no address or key of its own to change.',
  );
}

/**
 * The receiver of a key. The whole base URL counts, its path too: behind one gateway, another path can be another
 * party.
 */
function addressOf({ baseUrl, organization, project }: ConnectionRow) {
  return { baseUrl, organization, project };
}

function isSameAddress(before: ConnectionRow, after: ConnectionRow): boolean {
  return (['baseUrl', 'organization', 'project'] as const).every((field) => before[field] === after[field]);
}

function apiKeyRequired(): AppError {
  return new AppError(
    'api_key_required',
    'The stored API key was entered for another base URL, organization or project. Send apiKey together with the new one.',
  );
}

/** The names of the edited fields; their values are not audited, as one of them is the key. */
function changedFields({ by: _, id: __, ...fields }: UpdateConnectionInput): string[] {
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : name));
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
