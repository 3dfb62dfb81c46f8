import type { StepState } from '@espejo/core';
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
    await tx.deletions.update(tenantId, deletionId, { startedAtMs: deletion.startedAtMs ?? nowMs });
    for (const step of await tx.deletionSteps.listOfConnection(tenantId, deletionId, null)) {
      if (step.state !== 'pending' || step.storeId === null) continue;
      const end = await deleteOwnStore(tx, deletion, step.storeId, nowMs);
      await tx.deletionSteps.setState(tenantId, deletionId, step.seq, { ...end, attempts: 1, finishedAtMs: nowMs });
    }
  });
}

interface End {
  readonly state: StepState;
  readonly reason: string | null;
}

const DONE: End = { state: 'done', reason: null };
const TAKEN_BACK: End = {
  state: 'cancelled',
  reason: 'Somebody took it back before it was purged. Nothing of it was deleted.',
};
const TRASHED_BEFORE: End = { state: 'done', reason: 'It was in the trash already, or is gone.' };

/** A purge is for what has lain there since it was planned: what was restored, extended or thrown away anew stays. */
async function deleteOwnStore(
  tx: Repositories,
  { tenantId, trigger, createdAtMs }: DeletionRow,
  storeId: string,
  nowMs: number,
): Promise<End> {
  if (trigger === 'trash' || trigger === 'expiry') {
    const from = trigger === 'trash' ? 'trashed' : 'expired';
    return (await tx.trash.purge(tenantId, storeId, from, createdAtMs)) ? DONE : TAKEN_BACK;
  }
  return (await tx.trash.put(tenantId, storeId, nowMs)) ? DONE : TRASHED_BEFORE;
}
