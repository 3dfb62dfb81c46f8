import { AppError } from '@espejo/core';
import type { DeletionWorkContext, VectorStoreContext } from '../../context/app-context.ts';
import type { PlanDeletionInput } from './inputs.ts';
import { type DeletionRequest, toDeletionRequest } from './plan-request.ts';

/**
 * A request of the API in the form it is kept, the rest of a deletion named item by item. Throws `invalid_request` when
 * that is not all it names.
 */
export async function readDeletionRequest(
  deps: Pick<VectorStoreContext, 'db' | 'clock' | 'expiry'>,
  tenantId: string,
  body: PlanDeletionInput,
): Promise<DeletionRequest> {
  if (body.restOf === undefined) return toDeletionRequest(deps, body);
  const { storeIds, fileIds, attachments, orphans, filter } = body;
  if (storeIds.length + fileIds.length + attachments.length > 0 || orphans || filter !== undefined) {
    throw new AppError('invalid_request', 'restOf takes its stores and files from the deletion: name nothing else.');
  }
  return restOfDeletion(deps, tenantId, body.restOf);
}

/**
 * What a cancelled deletion did not do, as a request of its own: the same choice of files, and only what its plan named.
 * Throws `deletion_not_found`, and `invalid_request` when nothing of it was given up.
 */
async function restOfDeletion(
  { db: { read } }: Pick<DeletionWorkContext, 'db'>,
  tenantId: string,
  id: string,
): Promise<DeletionRequest> {
  const row = await read.deletions.find(tenantId, id);
  if (row === undefined) throw new AppError('deletion_not_found', `There is no deletion with id '${id}'.`);
  const steps = row.status === 'cancelled' ? await read.deletionSteps.listCancelled(tenantId, id) : [];
  if (steps.length === 0) {
    throw new AppError('invalid_request', `Deletion '${id}' is not cancelled, so it has no rest to plan.`);
  }
  const storeIds: string[] = [];
  const fileIds: string[] = [];
  const attachments: { storeId: string; fileId: string }[] = [];
  for (const { kind, storeId, fileId } of steps) {
    if (kind === 'delete_store' && storeId !== null) storeIds.push(storeId);
    else if (kind === 'delete_file' && fileId !== null) fileIds.push(fileId);
    else if (storeId !== null && fileId !== null) attachments.push({ storeId, fileId });
  }
  const going = new Set(storeIds);
  return {
    storeIds,
    fileIds,
    // A store that goes takes its attachments along.
    attachments: attachments.filter(({ storeId }) => !going.has(storeId)),
    orphans: false,
    filter: null,
    files: row.files,
  };
}
