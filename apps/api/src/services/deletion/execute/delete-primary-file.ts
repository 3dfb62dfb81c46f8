import type { Repositories } from '@espejo/db';

/** Removes an attachment, and queues the removal of its chunks from the store's index. False: it was not there. */
export async function detachOwnFile(
  tx: Repositories,
  input: { tenantId: string; storeId: string; fileId: string; nowMs: number },
): Promise<boolean> {
  const { tenantId, storeId, fileId, nowMs } = input;
  if (!(await tx.primaryAttachments.remove(input, nowMs))) return false;
  await tx.localTasks.add(tenantId, { kind: 'remove_file', storeId, fileId }, nowMs);
  return true;
}

/**
 * Deletes the row of a primary file and its attachments, and queues the removal of its bytes unless another file has
 * the same.
 */
export async function deletePrimaryFile(
  tx: Repositories,
  input: { tenantId: string; fileId: string; nowMs: number },
): Promise<boolean> {
  const { tenantId, fileId, nowMs } = input;
  for (const storeId of await tx.primaryAttachments.listStoresOf(tenantId, fileId)) {
    await detachOwnFile(tx, { tenantId, storeId, fileId, nowMs });
  }
  const sha256 = await tx.primaryFiles.remove(tenantId, fileId);
  if (sha256 === undefined) return false;
  await tx.localTasks.add(tenantId, { kind: 'remove_blob', sha256 }, nowMs);
  return true;
}
