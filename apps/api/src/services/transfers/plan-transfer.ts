import { AppError, fromStoreForm, type JsonObject, monthlyCostUsd, NEVER_EXPIRES, toStoreForm } from '@espejo/core';
import type { ConnectionRow, VectorStoreRecord } from '@espejo/db';
import type { TransferWorkContext } from '../context/app-context.ts';
import { assertServable } from '../lookup/assert-servable.ts';
import { findVectorStore } from '../lookup/find-vector-store.ts';
import { connectionOfMirror } from '../search/connection-of-mirror.ts';
import { storageRates } from '../settings/settings.ts';
import type { CreateVectorStoreInput } from '../vector-stores/inputs.ts';
import type { StartTransferInput } from './inputs.ts';
import type { TransferPreview } from './views.ts';

type PlanDeps = Pick<TransferWorkContext, 'db' | 'clock'>;

/** What a transfer will do. */
export type TransferPlan = {
  readonly source: VectorStoreRecord;
  readonly name: string | null;
  /** What the copy lacks compared with its source, in sentences. */
  readonly notes: readonly string[];
} & (
  | { readonly kind: 'adopt'; readonly connection: ConnectionRow; readonly fields: CreateVectorStoreInput }
  | { readonly kind: 'publish'; readonly connection: ConnectionRow | null; readonly fields: JsonObject }
);

type Wish = Pick<StartTransferInput, 'kind' | 'storeId' | 'name'> & { readonly connectionId?: string | undefined };

const TEXT_NOTE =
  'Files are copied as the text that OpenAI extracted from them, under their own names: the original bytes cannot be downloaded.';

/**
 * Plans a transfer from the database. Throws `invalid_request` when the store is of the wrong kind, and the error of a
 * store that must not be served.
 */
export async function planTransfer(deps: PlanDeps, tenantId: string, wish: Wish): Promise<TransferPlan> {
  const source = await findVectorStore(deps, tenantId, wish.storeId);
  const isMirror = source.source === 'cache';
  if (isMirror !== (wish.kind === 'adopt')) {
    throw new AppError(
      'invalid_request',
      isMirror
        ? `Vector store '${source.id}' is a mirror: it is in OpenAI already. Only a primary store can be published.`
        : `Vector store '${source.id}' is a primary store already. Only a mirror can be adopted.`,
      { details: { param: 'kind' } },
    );
  }
  assertServable(source, deps.clock.nowMs());
  const name = wish.name ?? source.name;
  return wish.kind === 'adopt'
    ? planAdoption(source, await connectionOfMirror(deps, source), name)
    : planPublication(deps, source, await findConnection(deps, tenantId, wish.connectionId), name);
}

function planAdoption(source: VectorStoreRecord, connection: ConnectionRow, name: string | null): TransferPlan {
  const policy = fromStoreForm(source.expiresAfter);
  return {
    kind: 'adopt',
    source,
    connection,
    name,
    fields: {
      name,
      description: source.description,
      metadata: textsOf(source.metadata),
      expiresAfter: policy.isOk ? (source.expiresAfter as CreateVectorStoreInput['expiresAfter']) : null,
    },
    notes: [
      TEXT_NOTE,
      ...(policy.isOk ? [] : ['Its expiry policy cannot be expressed here, so the copy never expires.']),
    ],
  };
}

function planPublication(
  deps: PlanDeps,
  source: VectorStoreRecord,
  connection: ConnectionRow | null,
  name: string | null,
): TransferPlan {
  const facts = {
    nowS: Math.floor(deps.clock.nowMs() / 1000),
    createdAtS: source.createdAt,
    lastActiveAtS: source.lastActiveAt,
  };
  const expiry = toStoreForm(source.expiryPolicy ?? NEVER_EXPIRES, facts);
  const notes =
    expiry.result === 'exact'
      ? []
      : expiry.result === 'lossy'
        ? expiry.losses.map((loss) => loss.message)
        : [`${expiry.refusal.message} The published store never expires.`];
  return {
    kind: 'publish',
    source,
    connection,
    name,
    fields: {
      ...(name !== null && { name }),
      metadata: textsOf(source.metadata),
      expires_after: expiry.result === 'refused' ? null : expiry.value,
    },
    notes,
  };
}

async function findConnection(
  deps: PlanDeps,
  tenantId: string,
  connectionId: string | undefined,
): Promise<ConnectionRow | null> {
  if (connectionId === undefined) return null;
  const connection = await deps.db.read.connections.find(tenantId, connectionId);
  if (connection === undefined)
    throw new AppError('connection_not_found', `There is no connection with id '${connectionId}'.`);
  if (!connection.isEnabled)
    throw new AppError('connection_disabled', `The connection '${connection.name}' is disabled. Enable it to publish.`);
  return connection;
}

/** The plan of a transfer, before it is started. */
export async function previewTransfer(
  deps: PlanDeps,
  input: { readonly tenantId: string; readonly wish: Wish },
): Promise<TransferPreview> {
  const { tenantId, wish } = input;
  const plan = await planTransfer(deps, tenantId, wish);
  const { completed, total } = plan.source.fileCounts;
  return {
    kind: plan.kind,
    sourceStoreId: plan.source.id,
    name: plan.name,
    fileCount: completed,
    skippedCount: total - completed,
    sizeBytes: plan.source.usageBytes,
    requests: plan.kind === 'adopt' ? Math.max(1, Math.ceil(total / 100)) + completed : 4 * completed + 3,
    monthlyCostUsd: plan.kind === 'publish' && plan.connection !== null ? await addedCost(deps, plan) : null,
    notes: [...plan.notes],
  };
}

async function addedCost(deps: PlanDeps, plan: TransferPlan): Promise<number> {
  const { tenantId, usageBytes } = plan.source;
  const rates = await storageRates(deps, tenantId);
  const before = (await deps.db.read.connections.totals(tenantId, plan.connection?.id ?? '')).usageBytes;
  return monthlyCostUsd(before + usageBytes, rates) - monthlyCostUsd(before, rates);
}

function textsOf(metadata: JsonObject | null): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata ?? {}).map(([key, value]) => [key, String(value)]));
}
