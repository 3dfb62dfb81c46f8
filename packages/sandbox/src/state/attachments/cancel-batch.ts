import type { Project } from '../project.ts';
import type { BatchRow } from '../rows.ts';
import { setAttachmentStatus } from './attachments.ts';
import { findBatch } from './find-batch.ts';

/** Cancels what a batch has not processed yet. A finished batch stays unchanged. */
export function cancelBatch(project: Project, storeId: string, batchId: string): BatchRow {
  const { store, batch } = findBatch(project, storeId, batchId);
  for (const member of batch.members) {
    if (member.status !== 'in_progress') continue;
    batch.isCancelled = true;
    if (store.attachments.get(member.id) === member) {
      setAttachmentStatus(store, member, { status: 'cancelled', usageBytes: 0, lastError: null });
    } else member.status = 'cancelled';
  }
  return batch;
}
