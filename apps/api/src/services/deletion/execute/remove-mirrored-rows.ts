import type { DeletionStepRecord, Repositories } from '@espejo/db';

/** Removes from the mirror what a finished step has proven gone, in the transaction that records the step. */
export async function removeMirroredRows(
  tx: Repositories,
  tenantId: string,
  connectionId: string,
  step: DeletionStepRecord,
): Promise<void> {
  const { kind, storeId, fileId } = step;
  if (kind === 'detach' && storeId !== null && fileId !== null) await tx.attachments.remove(tenantId, storeId, fileId);
  else if (kind === 'delete_file' && fileId !== null)
    await tx.files.removeWithAttachments(tenantId, connectionId, fileId);
  else if (kind === 'delete_store' && storeId !== null) {
    await tx.attachments.removeAllOfStore(tenantId, storeId);
    await tx.mirrorStores.remove(tenantId, storeId);
  }
}
