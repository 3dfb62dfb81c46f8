import type { Authorized } from '@espejo/core';
import type { AttachmentRecord } from '@espejo/db';
import type { PrimaryDeps } from '../ingestion/content-deps.ts';
import { statusEvent } from '../ingestion/ingestion-hub.ts';
import { findAttachment, findOpenStore } from './find-attachment.ts';
import { checkFiles, type FileToPut, putFiles } from './put-files.ts';

/** Attaches a file of ours to a store of ours; it is taken in from now on, in the background. */
export async function attachFile(
  deps: PrimaryDeps,
  input: FileToPut & { readonly by: Authorized<'write'>; readonly storeId: string },
): Promise<AttachmentRecord> {
  const { by, storeId, fileId } = input;
  const { tenantId } = by;
  const { read } = deps.db;
  const seen = await findOpenStore(read, { tenantId, storeId, nowMs: deps.clock.nowMs() });
  await checkFiles({ read, clock: deps.clock }, seen, [input]);
  await deps.db.transaction(async (tx) => {
    const nowMs = deps.clock.nowMs();
    const store = await findOpenStore(tx, { tenantId, storeId, nowMs });
    await putFiles(tx, deps.clock, { store, files: [input], batchId: null, nowMs });
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
    deps.ingestionHub.publish(storeId, statusEvent(storeId, fileId, 'in_progress'));
  else await deps.localWork.perform(tenantId);
  deps.ingestion.kick();
  return attachment;
}
