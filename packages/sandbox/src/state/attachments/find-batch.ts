import { batchNotFound, idNotFound } from '@espejo/contracts/openai';
import type { Project } from '../project.ts';
import type { AttachmentRow, BatchRow, FileCounts, StoreRow } from '../rows.ts';
import { findStore } from '../stores/find-store.ts';

/** A batch of this store, or 404. */
export function findBatch(
  project: Project,
  storeId: string,
  batchId: string,
): { readonly store: StoreRow; readonly batch: BatchRow } {
  const store = findStore(project, storeId);
  const batch = project.batches.get(batchId);
  if (batch === undefined || batch.storeId !== storeId) {
    throw idNotFound(batchNotFound(batchId), { param: 'batch_id', id: batchId, prefix: 'vsfb_' });
  }
  return { store, batch };
}

/** The files of the batch that are still attached, in id order. */
export function attachedMembers(store: StoreRow, batch: BatchRow): AttachmentRow[] {
  return batch.members.filter((member) => store.attachments.get(member.id) === member);
}

/** How many of a batch's files are in each status. Detached ones still count, because the batch processed them. */
export function batchCounts(batch: BatchRow): FileCounts {
  const counts: FileCounts = { in_progress: 0, completed: 0, failed: 0, cancelled: 0 };
  for (const member of batch.members) counts[member.status] += 1;
  return counts;
}
