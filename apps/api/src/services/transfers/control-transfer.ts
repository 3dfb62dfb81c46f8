import { AppError, type Authorized } from '@espejo/core';
import type { Repositories, TransferPatch, TransferRow } from '@espejo/db';
import type { TransferContext } from '../context/app-context.ts';
import { findTransfer } from './find-transfer.ts';
import { isFinishable, presentTransfer } from './present-transfer.ts';
import type { Transfer } from './views.ts';

interface Steering {
  readonly by: Authorized<'write'>;
  readonly id: string;
}

/** Continues a parked transfer; failed files are retried from the beginning. Throws `transfer_not_open`. */
export async function retryTransfer(deps: TransferContext, input: Steering): Promise<Transfer> {
  return steer(deps, input, 'retried', async (tx, row) => {
    if (row.status !== 'parked') throw notOpen(row, 'Only a parked transfer can be retried.');
    await tx.transferItems.moveAll(row.tenantId, row.id, { from: 'failed', to: 'pending' });
    await tx.transferItems.forgetMissing(row.tenantId, row.id);
    return {
      status: 'running',
      reason: null,
      targetMissingSinceMs: null,
      ...(row.phase === 'listing' ? {} : { phase: 'copying' }),
    };
  });
}

/**
 * Completes a transfer without the failed files. Throws `transfer_not_open` when anything else prevents its completion.
 */
export async function finishTransfer(deps: TransferContext, input: Steering): Promise<Transfer> {
  return steer(deps, input, 'finished', async (tx, row) => {
    if (!isFinishable(row, await tx.transferItems.count(row.tenantId, row.id)))
      throw notOpen(row, 'Failed files are not the only reason why it is parked.');
    await tx.transferItems.moveAll(row.tenantId, row.id, { from: 'failed', to: 'skipped' });
    return { status: 'running', reason: null };
  });
}

/**
 * Stops a transfer for good. Copied files stay: in a primary store like any other, or in a store upstream that expires
 * within a day of its last use and can be deleted like any other. Throws `transfer_not_open` when it has ended.
 */
export async function cancelTransfer(deps: TransferContext, input: Steering): Promise<Transfer> {
  const transfer = await steer(deps, input, 'cancelled', async (_, row) => {
    if (row.status !== 'running' && row.status !== 'parked') throw notOpen(row, 'There is nothing to cancel.');
    return { status: 'cancelled', reason: null, finishedAtMs: deps.clock.nowMs() };
  });
  deps.transferWorkers.abort({ tenantId: input.by.tenantId, id: input.id });
  if (transfer.kind === 'publish') await deps.syncSoon(input.by.tenantId, transfer.connectionId);
  return transfer;
}

async function steer(
  deps: TransferContext,
  { by, id }: Steering,
  outcome: string,
  decide: (tx: Repositories, row: TransferRow) => Promise<TransferPatch>,
): Promise<Transfer> {
  const { tenantId } = by;
  const row = await deps.db.transaction(async (tx) => {
    const before = await findTransfer(tx, tenantId, id);
    await tx.transfers.update(tenantId, id, await decide(tx, before));
    await tx.audit.append(by, {
      atMs: deps.clock.nowMs(),
      action: `transfer.${before.kind}`,
      subject: id,
      outcome,
      detail: null,
    });
    return findTransfer(tx, tenantId, id);
  });
  if (row.status === 'running') deps.transferWorkers.wake(row);
  return presentTransfer(deps, row);
}

function notOpen(row: TransferRow, why: string): AppError {
  return new AppError('transfer_not_open', `The transfer is ${row.status}. ${why}`, {
    details: { status: row.status, phase: row.phase },
  });
}
