import type { StepState } from '@espejo/core';
import type { DeletionRow, DeletionStepRecord, Repositories } from '@espejo/db';
import type { DeletionWorkContext } from '../../context/app-context.ts';
import { deletePrimaryFile, detachOwnFile } from './delete-primary-file.ts';

/**
 * Does all local steps of a deletion in one transaction, without upstream. Stores move to the trash, or are deleted for
 * good when the trash or expired stores are purged; files are deleted for good. What they leave outside the database is
 * listed in the outbox in that transaction, and removed after it: after a kill in between, at the next start.
 */
export async function executeLocalSteps(
  deps: Pick<DeletionWorkContext, 'db' | 'clock' | 'localWork'>,
  { tenantId, deletionId }: { readonly tenantId: string; readonly deletionId: string },
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const nowMs = deps.clock.nowMs();
    const deletion = await tx.deletions.find(tenantId, deletionId);
    if (deletion === undefined || deletion.isCancelRequested) return;
    await tx.deletions.update(tenantId, deletionId, { startedAtMs: deletion.startedAtMs ?? nowMs });
    for (const step of await tx.deletionSteps.listOfConnection(tenantId, deletionId, null)) {
      if (step.state !== 'pending') continue;
      const end = await act(tx, deletion, step, nowMs);
      await tx.deletionSteps.setState(tenantId, deletionId, step.seq, { ...end, attempts: 1, finishedAtMs: nowMs });
    }
  });
  await deps.localWork.perform(tenantId);
}

interface End {
  readonly state: StepState;
  readonly reason: string | null;
}

const DONE: End = { state: 'done', reason: null };
const ALREADY_GONE: End = { state: 'done', reason: 'It was gone already.' };
const RESTORED: End = {
  state: 'cancelled',
  reason: 'It was restored before it was purged. Nothing of it was deleted.',
};
const TRASHED_BEFORE: End = { state: 'done', reason: 'It was in the trash already, or is gone.' };

async function act(
  tx: Repositories,
  deletion: DeletionRow,
  { kind, storeId, fileId }: DeletionStepRecord,
  nowMs: number,
): Promise<End> {
  const { tenantId } = deletion;
  if (kind === 'delete_store') return storeId === null ? DONE : deleteOwnStore(tx, deletion, storeId, nowMs);
  if (fileId === null) return DONE;
  if (kind === 'delete_file') return (await deletePrimaryFile(tx, { tenantId, fileId, nowMs })) ? DONE : ALREADY_GONE;
  if (storeId === null) return DONE;
  return (await detachOwnFile(tx, { tenantId, storeId, fileId, nowMs })) ? DONE : ALREADY_GONE;
}

/**
 * A purge deletes what has stayed there since it was planned: a store that was restored, extended or deleted again
 * stays.
 */
async function deleteOwnStore(
  tx: Repositories,
  { tenantId, trigger, createdAtMs }: DeletionRow,
  storeId: string,
  nowMs: number,
): Promise<End> {
  if (trigger === 'trash' || trigger === 'expiry') {
    const from = trigger === 'trash' ? 'trashed' : 'expired';
    if (!(await tx.trash.purge(tenantId, storeId, from, createdAtMs))) return RESTORED;
    await tx.localTasks.add(tenantId, { kind: 'drop_store', storeId }, nowMs);
    return DONE;
  }
  return (await tx.trash.put(tenantId, storeId, nowMs)) ? DONE : TRASHED_BEFORE;
}
