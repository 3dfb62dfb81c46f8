import { asSystem } from '@espejo/core';
import type { DeletionRow } from '@espejo/db';
import type { DeletionWorkContext } from '../../context/app-context.ts';

import { presentDeletion } from '../present-deletion.ts';
import { pruneDeletions } from '../prune-deletions.ts';

/**
 * Records the status of a deletion when its workers have stopped: finished only when no step is pending. The end entry
 * of its audit is written in the same transaction, and last.
 */
export async function finalizeDeletion(deps: DeletionWorkContext, tenantId: string, deletionId: string): Promise<void> {
  const nowMs = deps.clock.nowMs();
  const isOver = await deps.db.transaction(async (tx) => {
    const row = await tx.deletions.find(tenantId, deletionId);
    if (row === undefined || (row.status !== 'waiting' && row.status !== 'running')) return false;
    if (row.isCancelRequested) {
      await tx.deletionSteps.moveAll(tenantId, deletionId, {
        from: 'pending',
        to: 'cancelled',
        reason: 'Cancelled before it began.',
      });
    }
    const steps = await tx.deletionSteps.count(tenantId, deletionId);
    // Another process is working on it, or the next start resumes it.
    if (steps.pending > 0) return false;
    const status: DeletionRow['status'] =
      row.isCancelRequested && steps.cancelled > 0 ? 'cancelled' : steps.parked > 0 ? 'parked' : 'succeeded';
    const message = status === 'parked' ? await tx.deletionSteps.firstParkedReason(tenantId, deletionId) : null;
    await tx.deletions.update(tenantId, deletionId, { status, message, finishedAtMs: nowMs });
    await tx.audit.append(asSystem(tenantId, row.actor), {
      atMs: nowMs,
      action: `deletion.${status}`,
      subject: deletionId,
      outcome: status,
      detail: { steps, message },
    });
    return true;
  });
  if (!isOver) return;
  const data = await presentDeletion(deps, tenantId, deletionId);
  deps.log.info({ deletionId, status: data.status, steps: data.steps }, 'deletion ended');
  deps.deletionHub.publish(tenantId, deletionId, { type: 'end', data });
  await pruneDeletions(deps, tenantId);
}
