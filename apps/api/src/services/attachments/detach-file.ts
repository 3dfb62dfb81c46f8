import type { Authorized } from '@espejo/core';
import type { PrimaryDeps } from '../ingestion/content-deps.ts';
import { statusEvent } from '../ingestion/ingestion-hub.ts';
import { findAttachment, findOpenStore } from './find-attachment.ts';

/** Takes a file out of a store of ours, taken in or not; the file itself stays. */
export async function detachFile(
  deps: PrimaryDeps,
  input: { readonly by: Authorized<'write'>; readonly storeId: string; readonly fileId: string },
): Promise<void> {
  const { by, storeId, fileId } = input;
  const { tenantId } = by;
  await deps.db.transaction(async (tx) => {
    const nowMs = deps.clock.nowMs();
    await findOpenStore(tx, { tenantId, storeId, nowMs });
    await findAttachment(tx, { tenantId, storeId, fileId });
    await tx.ownAttachments.remove({ tenantId, storeId, fileId }, nowMs);
    await tx.localTasks.add(tenantId, { kind: 'remove_file', storeId, fileId }, nowMs);
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'file.detached',
      subject: fileId,
      outcome: 'done',
      detail: { vectorStoreId: storeId },
    });
  });
  deps.ingestionHub.publish(storeId, statusEvent(storeId, fileId, null));
  await deps.localWork.perform(tenantId);
}
