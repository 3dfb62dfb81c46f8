import type { Authorized } from '@espejo/core';
import type { FileBatchRecord } from '@espejo/db';
import type { PrimaryContext } from '../context/app-context.ts';
import { statusEvent } from '../context/events.ts';
import { getWritableStore } from '../lookup/find-attachment.ts';

import { findFileBatch } from './find-file-batch.ts';

/** Cancels the files of a batch that are not ingested yet; ingested files stay. */
export async function cancelFileBatch(
  deps: PrimaryContext,
  input: { readonly by: Authorized<'write'>; readonly storeId: string; readonly id: string },
): Promise<FileBatchRecord> {
  const { by, storeId, id } = input;
  const { tenantId } = by;
  const cancelled = await deps.db.transaction(async (tx) => {
    const nowMs = deps.clock.nowMs();
    await getWritableStore(tx, { tenantId, storeId, nowMs });
    const batch = await findFileBatch(tx, { tenantId, storeId, id });
    if (batch.status !== 'in_progress') return [];
    const fileIds = await tx.fileBatches.listInProgress(tenantId, id);
    for (const fileId of fileIds) {
      await tx.primaryAttachments.finish(
        { tenantId, storeId, fileId },
        { status: 'cancelled', usageBytes: 0, chunkCount: null, lastError: null },
        nowMs,
      );
      await tx.localTasks.add(tenantId, { kind: 'remove_file', storeId, fileId }, nowMs);
    }
    await tx.fileBatches.markCancelled(tenantId, id);
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'file_batch.cancelled',
      subject: id,
      outcome: 'done',
      detail: { vectorStoreId: storeId, files: fileIds.length },
    });
    return fileIds;
  });
  for (const fileId of cancelled)
    deps.ingestionHub.publish(tenantId, storeId, statusEvent(storeId, fileId, 'cancelled'));
  await deps.localWork.perform(tenantId);
  return findFileBatch(deps.db.read, { tenantId, storeId, id });
}
