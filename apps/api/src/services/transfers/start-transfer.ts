import { AppError, type Authorized, prefixedId } from '@espejo/core';
import type { Repositories, TransferRow } from '@espejo/db';
import type { TransferContext } from '../context/app-context.ts';
import { createVectorStore } from '../vector-stores/create-vector-store.ts';
import { findTransfer } from './find-transfer.ts';
import type { StartTransferInput } from './inputs.ts';
import { planTransfer, type TransferPlan } from './plan-transfer.ts';
import { presentTransfer } from './present-transfer.ts';
import type { Transfer } from './views.ts';

/**
 * Records a transfer, an adoption together with its new store, and starts it. Throws what `planTransfer` throws, and
 * `limit_exceeded`, `quota_exceeded` or `duplicate_name` when the new store may not be created.
 */
export async function startTransfer(
  deps: TransferContext,
  input: { readonly by: Authorized<'write'>; readonly body: StartTransferInput },
): Promise<Transfer> {
  const { by, body } = input;
  const { tenantId } = by;
  const plan = await planTransfer(deps, tenantId, body);
  if (plan.connection === null) throw new AppError('invalid_request', 'Name the connection to publish to.');
  const id = prefixedId('copy', deps.clock.nowMs(), deps.randomHex);
  const row = toRow(plan, {
    tenantId,
    id,
    actor: by.actor,
    connectionId: plan.connection.id,
    nowMs: deps.clock.nowMs(),
  });
  if (plan.kind === 'adopt') {
    await createVectorStore(deps, {
      by,
      fields: plan.fields,
      also: (tx, storeId) => insert(tx, by, { ...row, targetStoreId: storeId }),
    });
  } else {
    await deps.db.transaction((tx) => insert(tx, by, row));
  }
  deps.transferWorkers.wake(row);
  return presentTransfer(deps, await findTransfer(deps.db.read, tenantId, id));
}

function toRow(
  plan: TransferPlan,
  fields: Pick<TransferRow, 'tenantId' | 'id' | 'actor' | 'connectionId'> & { readonly nowMs: number },
): TransferRow {
  const { nowMs, ...rest } = fields;
  return {
    ...rest,
    kind: plan.kind,
    status: 'running',
    phase: 'listing',
    sourceStoreId: plan.source.id,
    sourceName: plan.source.name,
    targetStoreId: null,
    targetName: plan.name,
    isTargetRequested: false,
    targetMissingSinceMs: null,
    finalFields: plan.kind === 'publish' ? JSON.stringify(plan.fields) : null,
    notes: JSON.stringify(plan.notes),
    reason: null,
    createdAtMs: nowMs,
    finishedAtMs: null,
  };
}

async function insert(tx: Repositories, by: Authorized<'write'>, row: TransferRow): Promise<void> {
  await tx.transfers.insert(row);
  await tx.audit.append(by, {
    atMs: row.createdAtMs,
    action: `transfer.${row.kind}`,
    subject: row.id,
    outcome: 'accepted',
    detail: { sourceStoreId: row.sourceStoreId, targetStoreId: row.targetStoreId, connectionId: row.connectionId },
  });
}
