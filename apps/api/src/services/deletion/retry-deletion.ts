import { AppError, type Authorized } from '@espejo/core';
import type { DeletionContext } from '../context/app-context.ts';
import type { Deletion } from '../context/views.ts';

import { presentDeletion } from './present-deletion.ts';

/** Retries the parked steps of a deletion, and the steps that waited for them; finished steps stay. */
export async function retryDeletion(
  deps: DeletionContext,
  input: { readonly by: Authorized<'delete'>; readonly id: string },
): Promise<Deletion> {
  const { by, id } = input;
  const { tenantId } = by;
  const deletion = await presentDeletion(deps, tenantId, id);
  if (deletion.steps.parked === 0)
    throw new AppError('deletion_not_open', 'No step of this deletion waits for a retry.');
  const nowMs = deps.clock.nowMs();
  await deps.db.transaction(async (tx) => {
    await tx.deletionSteps.moveAll(tenantId, id, { from: 'parked', to: 'pending', reason: null });
    await tx.deletionSteps.resetAttempts(tenantId, id);
    await tx.deletions.update(tenantId, id, {
      status: 'waiting',
      message: null,
      finishedAtMs: null,
      isCancelRequested: false,
    });
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'deletion.retried',
      subject: id,
      outcome: 'accepted',
      detail: null,
    });
  });
  deps.deletionWorkers.wake(tenantId, id);
  return presentDeletion(deps, tenantId, id);
}

/** Gives up the steps that have not begun; steps in progress end, and finished steps stay. */
export async function cancelDeletion(
  deps: DeletionContext,
  input: { readonly by: Authorized<'delete'>; readonly id: string },
): Promise<Deletion> {
  const { by, id } = input;
  const { tenantId } = by;
  const deletion = await presentDeletion(deps, tenantId, id);
  if (deletion.status === 'succeeded' || deletion.status === 'cancelled') {
    throw new AppError('deletion_not_open', 'This deletion is over; there is nothing left to cancel.');
  }
  const nowMs = deps.clock.nowMs();
  await deps.db.transaction(async (tx) => {
    await tx.deletions.update(tenantId, id, {
      isCancelRequested: true,
      ...(deletion.status === 'parked' ? { status: 'running' } : {}),
    });
    // Ends pending and parked steps. A step in progress still records its own result.
    for (const from of ['pending', 'parked'] as const) {
      await tx.deletionSteps.moveAll(tenantId, id, { from, to: 'cancelled', reason: 'Cancelled before it was done.' });
    }
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'deletion.cancel_requested',
      subject: id,
      outcome: 'accepted',
      detail: null,
    });
  });
  deps.deletionWorkers.wake(tenantId, id);
  return presentDeletion(deps, tenantId, id);
}
