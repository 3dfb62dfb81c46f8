import type { ApiKey, CreateApiKeyBody, CreatedApiKey } from '@espejo/contracts';
import { AppError, prefixedId } from '@espejo/core';
import type { ApiKeyRow, Database, Repositories } from '@espejo/db';
import type { z } from 'zod';
import type { Clock, RandomHex } from '../../ports.ts';
import { toSeconds } from '../sync/present-run.ts';
import { hashOfKey, newKeyText, shownPartOf } from './api-key-text.ts';

interface ApiKeyDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly randomHex: RandomHex;
}

interface Asked {
  readonly tenantId: string;
  readonly actor: string;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Makes a key. Its text is in the answer and nowhere else, ever. */
export async function createApiKey(
  deps: ApiKeyDeps,
  input: Asked & { readonly body: z.output<typeof CreateApiKeyBody> },
): Promise<CreatedApiKey> {
  const { tenantId, actor, body } = input;
  const nowMs = deps.clock.nowMs();
  const expiresAtMs = body.expiresInDays === null ? null : nowMs + body.expiresInDays * DAY_MS;
  const { row, key } = newRow(deps, { tenantId, actor, name: body.name, role: body.role, expiresAtMs, nowMs });
  await deps.db.transaction(async (tx) => {
    await tx.apiKeys.insert(row);
    await audit(tx, row, { actor, nowMs, action: 'api_key.created', detail: { name: row.name, role: row.role } });
  });
  return { ...presentApiKey(row, nowMs), key };
}

/**
 * Makes a key like another, which goes on working for a while so that whoever uses it can change over. Throws
 * `api_key_not_found`, also for one that works no more.
 */
export async function rotateApiKey(
  deps: ApiKeyDeps,
  input: Asked & { readonly id: string; readonly overlapHours: number },
): Promise<CreatedApiKey> {
  const { tenantId, actor, id, overlapHours } = input;
  const nowMs = deps.clock.nowMs();
  return deps.db.transaction(async (tx) => {
    const before = await findApiKey(tx, tenantId, id);
    if (stateOf(before, nowMs) !== 'active') throw notFound(id);
    const { name, role, expiresAtMs } = before;
    const lifeMs = expiresAtMs === null ? null : expiresAtMs - before.createdAtMs;
    const { row, key } = newRow(deps, {
      tenantId,
      actor,
      name,
      role,
      nowMs,
      expiresAtMs: lifeMs === null ? null : nowMs + lifeMs,
    });
    await tx.apiKeys.insert(row);
    const endsAtMs = Math.min(expiresAtMs ?? Number.POSITIVE_INFINITY, nowMs + overlapHours * HOUR_MS);
    await tx.apiKeys.update(tenantId, id, { expiresAtMs: endsAtMs });
    const detail = { replaces: id, overlapHours };
    await audit(tx, row, { actor, nowMs, action: 'api_key.rotated', detail });
    return { ...presentApiKey(row, nowMs), key };
  });
}

/** Ends a key at once; to end it again is no error. Throws `api_key_not_found`. */
export async function revokeApiKey(deps: ApiKeyDeps, input: Asked & { readonly id: string }): Promise<void> {
  const { tenantId, actor, id } = input;
  const nowMs = deps.clock.nowMs();
  await deps.db.transaction(async (tx) => {
    const row = await findApiKey(tx, tenantId, id);
    if (row.revokedAtMs !== null) return;
    await tx.apiKeys.update(tenantId, id, { revokedAtMs: nowMs });
    await audit(tx, row, { actor, nowMs, action: 'api_key.revoked', detail: { name: row.name } });
  });
}

export async function listApiKeys(
  deps: Pick<ApiKeyDeps, 'db' | 'clock'>,
  input: { readonly tenantId: string },
): Promise<{ data: ApiKey[] }> {
  const nowMs = deps.clock.nowMs();
  return { data: (await deps.db.read.apiKeys.list(input.tenantId)).map((row) => presentApiKey(row, nowMs)) };
}

/** Whether a key works at an instant. Pure. */
export function stateOf(row: Pick<ApiKeyRow, 'expiresAtMs' | 'revokedAtMs'>, nowMs: number): ApiKey['state'] {
  if (row.revokedAtMs !== null) return 'revoked';
  return row.expiresAtMs !== null && row.expiresAtMs <= nowMs ? 'expired' : 'active';
}

function newRow(
  deps: Pick<ApiKeyDeps, 'randomHex'>,
  input: Asked & Pick<ApiKeyRow, 'name' | 'role' | 'expiresAtMs'> & { readonly nowMs: number },
): { row: ApiKeyRow; key: string } {
  const { actor, nowMs, ...fields } = input;
  const key = newKeyText(deps.randomHex);
  const row: ApiKeyRow = {
    ...fields,
    id: prefixedId('key', nowMs, deps.randomHex),
    hash: hashOfKey(key),
    prefix: shownPartOf(key),
    createdBy: actor,
    createdAtMs: nowMs,
    lastUsedAtMs: null,
    revokedAtMs: null,
  };
  return { row, key };
}

async function findApiKey(read: Pick<Repositories, 'apiKeys'>, tenantId: string, id: string): Promise<ApiKeyRow> {
  const row = await read.apiKeys.find(tenantId, id);
  if (row === undefined) throw notFound(id);
  return row;
}

function notFound(id: string): AppError {
  return new AppError('api_key_not_found', `There is no API key with id '${id}' that works.`);
}

async function audit(
  tx: Repositories,
  row: ApiKeyRow,
  entry: {
    readonly actor: string;
    readonly nowMs: number;
    readonly action: string;
    readonly detail: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { actor, nowMs, action, detail } = entry;
  await tx.audit.append({
    tenantId: row.tenantId,
    atMs: nowMs,
    actor,
    action,
    subject: row.id,
    outcome: 'done',
    detail,
  });
}

function presentApiKey(row: ApiKeyRow, nowMs: number): ApiKey {
  const seconds = (ms: number | null) => (ms === null ? null : toSeconds(ms));
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    prefix: row.prefix,
    createdBy: row.createdBy,
    createdAt: toSeconds(row.createdAtMs),
    expiresAt: seconds(row.expiresAtMs),
    lastUsedAt: seconds(row.lastUsedAtMs),
    revokedAt: seconds(row.revokedAtMs),
    state: stateOf(row, nowMs),
  };
}
