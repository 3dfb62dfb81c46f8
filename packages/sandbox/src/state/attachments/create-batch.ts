import { filesToAttachNotFound } from '@espejo/contracts/openai';
import type { Project } from '../project.ts';
import type { BatchRow } from '../rows.ts';
import { findLiveStore } from '../stores/find-store.ts';
import { touchStore } from '../stores/settle.ts';
import { type AttachmentInput, addAttachment } from './attachments.ts';

/** Attaches many files at once. A file that is named twice is attached once, with its last entry. */
export function createBatch(project: Project, storeId: string, files: readonly AttachmentInput[]): BatchRow {
  const store = findLiveStore(project, storeId);
  const inputs = [...new Map(files.map((file) => [file.fileId, file])).values()];
  const unknownIds = inputs.map((input) => input.fileId).filter((id) => project.files.get(id) === undefined);
  if (unknownIds.length > 0) throw filesToAttachNotFound(unknownIds);

  const createdAt = Math.floor(project.clock.now() / 1000);
  const members = inputs.map((input) => addAttachment(project, store, input));
  const batch: BatchRow = {
    id: project.ids.batch(createdAt),
    createdAt,
    storeId,
    members: members.sort((left, right) => (left.id < right.id ? -1 : 1)),
    isCancelled: false,
  };
  project.batches.set(batch.id, batch);
  touchStore(project, store);
  return batch;
}
