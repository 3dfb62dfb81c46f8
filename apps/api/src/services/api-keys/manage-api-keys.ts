import {
  ACTION_NAMES,
  type Action,
  AppError,
  type Authorized,
  assertEndsInTime,
  assertMayGive,
  type Giver,
  type Principal,
  prefixedId,
  toSeconds,
} from '@espejo/core';
import type { ApiKeyRow, Database, Repositories } from '@espejo/db';
import type { Clock, RandomHex } from '../../ports.ts';
import { findVectorStore } from '../lookup/find-vector-store.ts';
import { hashOfKey, newKeyText, shownPartOf } from './api-key-text.ts';
import type { CreateApiKeyInput } from './inputs.ts';
import type { ApiKey, CreatedApiKey } from './views.ts';

interface ApiKeyDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly randomHex: RandomHex;
}

interface Asked {
  readonly by: Authorized<'own'>;
}

/** The principal whose permissions bound those of a new key. */
interface Maker {
  readonly maker: Giver;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * Creates a key. Its text is returned here and stored nowhere. It has no permission that its creator lacks and, when
 * created by a key that expires, ends no later. Throws `role_insufficient` and `scope_insufficient`.
 */
export async function createApiKey(
  deps: ApiKeyDeps,
  input: Asked & Maker & { readonly body: CreateApiKeyInput },
): Promise<CreatedApiKey> {
  const { by, maker, body } = input;
  const { tenantId } = by;
  const nowMs = deps.clock.nowMs();
  const expiresAtMs = body.expiresInDays === null ? null : nowMs + body.expiresInDays * DAY_MS;
  const { name, role, storeIds } = body;
  const actions = body.actions === null ? null : ACTION_NAMES.filter((action) => body.actions?.includes(action));
  assertMayGive(maker, { role, actions, storeIds });
  assertEndsInTime(maker.endsAtMs, expiresAtMs);
  const { row, key } = newRow(deps, {
    by,
    name,
    role,
    expiresAtMs,
    nowMs,
    actions: actions === null ? null : JSON.stringify(actions),
    storeIds: storeIds === null ? null : JSON.stringify([...new Set(storeIds)]),
  });
  await deps.db.transaction(async (tx) => {
    for (const id of storeIds ?? []) await findVectorStore({ db: { read: tx } }, tenantId, id);
    await tx.apiKeys.insert(row);
    await audit(tx, by, row, { nowMs, action: 'api_key.created', detail: { name, role, actions, storeIds } });
  });
  return { ...presentApiKey(row, nowMs), key };
}

/**
 * Creates a key with the scopes of another, which stays valid for a while so that its users can switch over. Throws
 * `api_key_not_found`, also for a key that is no longer valid, and, as `createApiKey` does, `role_insufficient` and
 * `scope_insufficient` when the key has more permissions, or would last longer, than the caller.
 */
export async function rotateApiKey(
  deps: ApiKeyDeps,
  input: Asked & Maker & { readonly id: string; readonly overlapHours: number },
): Promise<CreatedApiKey> {
  const { by, maker, id, overlapHours } = input;
  const { tenantId } = by;
  const nowMs = deps.clock.nowMs();
  return deps.db.transaction(async (tx) => {
    const before = await findApiKey(tx, tenantId, id);
    if (stateOf(before, nowMs) !== 'active') throw notFound(id);
    const { name, role, actions, storeIds, expiresAtMs } = before;
    const lifeMs = expiresAtMs === null ? null : expiresAtMs - before.createdAtMs;
    const nextEndsAtMs = lifeMs === null ? null : nowMs + lifeMs;
    assertMayGive(maker, { role, ...scopeOf(before) });
    assertEndsInTime(maker.endsAtMs, nextEndsAtMs);
    const { row, key } = newRow(deps, {
      by,
      name,
      role,
      actions,
      storeIds,
      nowMs,
      expiresAtMs: nextEndsAtMs,
    });
    await tx.apiKeys.insert(row);
    const endsAtMs = Math.min(expiresAtMs ?? Number.POSITIVE_INFINITY, nowMs + overlapHours * HOUR_MS);
    await tx.apiKeys.update(tenantId, id, { expiresAtMs: endsAtMs });
    const detail = { replaces: id, overlapHours };
    await audit(tx, by, row, { nowMs, action: 'api_key.rotated', detail });
    return { ...presentApiKey(row, nowMs), key };
  });
}

/** Revokes a key at once; revoking it again is no error. Throws `api_key_not_found`. */
export async function revokeApiKey(deps: ApiKeyDeps, input: Asked & { readonly id: string }): Promise<void> {
  const { by, id } = input;
  const { tenantId } = by;
  const nowMs = deps.clock.nowMs();
  await deps.db.transaction(async (tx) => {
    const row = await findApiKey(tx, tenantId, id);
    if (row.revokedAtMs !== null) return;
    await tx.apiKeys.update(tenantId, id, { revokedAtMs: nowMs });
    await audit(tx, by, row, { nowMs, action: 'api_key.revoked', detail: { name: row.name } });
  });
}

export async function listApiKeys(
  deps: Pick<ApiKeyDeps, 'db' | 'clock'>,
  input: { readonly tenantId: string },
): Promise<{ data: ApiKey[] }> {
  const nowMs = deps.clock.nowMs();
  return { data: (await deps.db.read.apiKeys.list(input.tenantId)).map((row) => presentApiKey(row, nowMs)) };
}

/** Whether a key is valid at an instant. Pure. */
export function stateOf(row: Pick<ApiKeyRow, 'expiresAtMs' | 'revokedAtMs'>, nowMs: number): ApiKey['state'] {
  if (row.revokedAtMs !== null) return 'revoked';
  return row.expiresAtMs !== null && row.expiresAtMs <= nowMs ? 'expired' : 'active';
}

/** The scopes of a key, as stored in its row. Pure. */
export function scopeOf(row: Pick<ApiKeyRow, 'actions' | 'storeIds'>): Pick<Principal, 'actions' | 'storeIds'> {
  const read = <T>(text: string | null) => (text === null ? null : (JSON.parse(text) as readonly T[]));
  return { actions: read<Action>(row.actions), storeIds: read<string>(row.storeIds) };
}

function newRow(
  deps: Pick<ApiKeyDeps, 'randomHex'>,
  input: Asked & Pick<ApiKeyRow, 'name' | 'role' | 'actions' | 'storeIds' | 'expiresAtMs'> & { readonly nowMs: number },
): { row: ApiKeyRow; key: string } {
  const { by, nowMs, ...fields } = input;
  const key = newKeyText(deps.randomHex);
  const row: ApiKeyRow = {
    ...fields,
    tenantId: by.tenantId,
    id: prefixedId('key', nowMs, deps.randomHex),
    hash: hashOfKey(key),
    prefix: shownPartOf(key),
    createdBy: by.actor,
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
  return new AppError('api_key_not_found', `There is no valid API key with id '${id}'.`);
}

async function audit(
  tx: Repositories,
  by: Authorized<'own'>,
  row: ApiKeyRow,
  entry: {
    readonly nowMs: number;
    readonly action: string;
    readonly detail: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { nowMs, action, detail } = entry;
  await tx.audit.append(by, { atMs: nowMs, action, subject: row.id, outcome: 'done', detail });
}

function presentApiKey(row: ApiKeyRow, nowMs: number): ApiKey {
  const seconds = (ms: number | null) => (ms === null ? null : toSeconds(ms));
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    ...scopeOf(row),
    prefix: row.prefix,
    createdBy: row.createdBy,
    createdAt: toSeconds(row.createdAtMs),
    expiresAt: seconds(row.expiresAtMs),
    lastUsedAt: seconds(row.lastUsedAtMs),
    revokedAt: seconds(row.revokedAtMs),
    state: stateOf(row, nowMs),
  };
}
