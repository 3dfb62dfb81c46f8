import type { DeletionRow, Repositories } from '@espejo/db';
import type { DeletionDeps } from './deletion-deps.ts';

/** Stores of ours go to the trash, or for good when the trash or what expired is purged: one transaction, nothing remote. */
export async function workOnOwnStores(
  deps: Pick<DeletionDeps, 'db' | 'clock'>,
  { tenantId, deletionId }: { readonly tenantId: string; readonly deletionId: string },
): Promise<void> {
  const nowMs = deps.clock.nowMs();
  await deps.db.transaction(async (tx) => {
    const deletion = await tx.deletions.find(tenantId, deletionId);
    if (deletion === undefined || deletion.isCancelRequested) return;
    for (const step of await tx.deletionSteps.listOfConnection(tenantId, deletionId, null)) {
      if (step.state !== 'pending' || step.storeId === null) continue;
      const isGone = await deleteOwnStore(tx, deletion, step.storeId, nowMs);
      await tx.deletionSteps.setState(tenantId, deletionId, step.seq, {
        state: isGone ? 'done' : 'cancelled',
        reason: isGone ? null : 'Somebody took it back before it was purged. Nothing of it was deleted.',
        attempts: 1,
        finishedAtMs: nowMs,
      });
    }
  });
}

/** A purge is for what has lain there since it was planned: what was restored, extended or thrown away anew stays. */
async function deleteOwnStore(
  tx: Repositories,
  { tenantId, trigger, createdAtMs }: DeletionRow,
  storeId: string,
  nowMs: number,
): Promise<boolean> {
  if (trigger === 'trash') return tx.trash.purge(tenantId, storeId, 'trashed', createdAtMs);
  if (trigger === 'expiry') return tx.trash.purge(tenantId, storeId, 'expired', createdAtMs);
  await tx.trash.put(tenantId, storeId, nowMs);
  return true;
}
