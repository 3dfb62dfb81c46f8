import type { Authorized } from '@espejo/core';
import type { PrimaryContext } from '../context/app-context.ts';
import { statusEvent } from '../context/events.ts';

import { findAttachment, getWritableStore } from '../lookup/find-attachment.ts';

/** Detaches a file from a primary store, ingested or not; the file itself stays. */
export async function detachFile(
  deps: PrimaryContext,
  input: { readonly by: Authorized<'write'>; readonly storeId: string; readonly fileId: string },
): Promise<void> {
  const { by, storeId, fileId } = input;
  const { tenantId } = by;
  await deps.db.transaction(async (tx) => {
    const nowMs = deps.clock.nowMs();
    await getWritableStore(tx, { tenantId, storeId, nowMs });
    await findAttachment(tx, { tenantId, storeId, fileId });
    await tx.primaryAttachments.remove({ tenantId, storeId, fileId }, nowMs);
    await tx.localTasks.add(tenantId, { kind: 'remove_file', storeId, fileId }, nowMs);
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'file.detached',
      subject: fileId,
      outcome: 'done',
      detail: { vectorStoreId: storeId },
    });
  });
  deps.ingestionHub.publish(tenantId, storeId, statusEvent(storeId, fileId, null));
  await deps.localWork.perform(tenantId);
}
