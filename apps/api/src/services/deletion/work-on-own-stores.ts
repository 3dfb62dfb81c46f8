import type { DeletionDeps } from './deletion-deps.ts';

/** Stores of ours go to the trash, or for good when the trash is what is being emptied: one transaction, nothing remote. */
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
      if (deletion.trigger === 'trash') await tx.trash.purge(tenantId, step.storeId);
      else await tx.trash.put(tenantId, step.storeId, nowMs);
      await tx.deletionSteps.setState(tenantId, deletionId, step.seq, {
        state: 'done',
        reason: null,
        attempts: 1,
        finishedAtMs: nowMs,
      });
    }
  });
}
