import { certainNowMs } from '../../ports.ts';
import type { DeletionWorkContext } from '../context/app-context.ts';

/** How long a finished deletion with its snapshots stays readable. */
export const LEDGER_RETENTION_DAYS = 90;
const PRUNED_AT_A_TIME = 10;

/**
 * Deletes a few deletions that are over and past their retention; called at every start and after every deletion, so
 * they never pile up.
 */
export async function pruneDeletions(deps: Pick<DeletionWorkContext, 'db' | 'clock'>, tenantId: string): Promise<void> {
  const beforeMs = certainNowMs(deps.clock) - LEDGER_RETENTION_DAYS * 86_400_000;
  const ids = await deps.db.read.deletions.listFinishedBefore(tenantId, beforeMs, PRUNED_AT_A_TIME);
  for (const id of ids) {
    // One at a time: a ledger may have a hundred thousand steps.
    await deps.db.transaction(async (tx) => {
      await tx.deletionSteps.removeOfDeletion(tenantId, id);
      await tx.deletions.remove(tenantId, id);
    });
  }
}
