import type { Repositories } from '@espejo/db';

/** Ends a membership, and has the file's chunks taken out of the store's index. False: it was not there. */
export async function detachOwnFile(
  tx: Repositories,
  input: { tenantId: string; storeId: string; fileId: string; nowMs: number },
): Promise<boolean> {
  const { tenantId, storeId, fileId, nowMs } = input;
  if (!(await tx.primaryAttachments.remove(input, nowMs))) return false;
  await tx.localTasks.add(tenantId, { kind: 'remove_file', storeId, fileId }, nowMs);
  return true;
}

/** Takes a file of ours off the record, out of every store, and has its bytes removed unless another file has the same. */
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
