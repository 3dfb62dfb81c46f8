import type { Authorized } from '@espejo/core';
import type { AttachmentRecord } from '@espejo/db';
import type { PrimaryContext } from '../context/app-context.ts';
import { statusEvent } from '../context/events.ts';

import { findAttachment, getWritableStore } from '../lookup/find-attachment.ts';
import { checkFiles, type FileToAttach, upsertAttachments } from './upsert-attachments.ts';

/** Attaches a primary file to a primary store and queues its ingestion. */
export async function attachFile(
  deps: PrimaryContext,
  input: FileToAttach & { readonly by: Authorized<'write'>; readonly storeId: string },
): Promise<AttachmentRecord> {
  const { by, storeId, fileId } = input;
  const { tenantId } = by;
  const { read } = deps.db;
  const seen = await getWritableStore(read, { tenantId, storeId, nowMs: deps.clock.nowMs() });
  await checkFiles({ read, clock: deps.clock }, by, seen, [input]);
  await deps.db.transaction(async (tx) => {
    const nowMs = deps.clock.nowMs();
    const store = await getWritableStore(tx, { tenantId, storeId, nowMs });
    await upsertAttachments(tx, deps.clock, { by, store, files: [input], batchId: null, nowMs });
    await tx.audit.append(by, {
      atMs: nowMs,
      action: 'file.attached',
      subject: fileId,
      outcome: 'done',
      detail: { vectorStoreId: storeId },
    });
  });
  const attachment = await findAttachment(read, { tenantId, storeId, fileId });
  if (attachment.status === 'in_progress')
    deps.ingestionHub.publish(tenantId, storeId, statusEvent(storeId, fileId, 'in_progress'));
  else await deps.localWork.perform(tenantId);
  deps.ingestion.wake();
  return attachment;
}
