import type { Project } from '../project.ts';
import {
  type AttachmentRow,
  type Attributes,
  AUTO_CHUNKING,
  type Chunking,
  type LastError,
  NO_ATTRIBUTES,
  type StoreRow,
} from '../rows.ts';

export interface AttachmentInput {
  readonly fileId: string;
  readonly attributes?: Attributes | null | undefined;
  readonly chunking?: Chunking | undefined;
  /** Keeps the attachment `in_progress` for ever, as was observed upstream. */
  readonly isStuck?: boolean | undefined;
  /** Ends the processing at once with this result. */
  readonly outcome?: { readonly usageBytes: number; readonly lastError: LastError | null } | undefined;
  readonly createdAt?: number | undefined;
}

/** Adds the row without checking the file; a file that is attached already is attached again. */
export function addAttachment(project: Project, store: StoreRow, input: AttachmentInput): AttachmentRow {
  removeAttachment(store, input.fileId);
  const { outcome } = input;
  const attachment: AttachmentRow = {
    id: input.fileId,
    createdAt: input.createdAt ?? Math.floor(project.clock.now() / 1000),
    seq: project.nextSeq(),
    status: outcome === undefined ? 'in_progress' : outcome.lastError === null ? 'completed' : 'failed',
    usageBytes: outcome?.usageBytes ?? 0,
    lastError: outcome?.lastError ?? null,
    attributes: input.attributes ?? NO_ATTRIBUTES,
    chunking: input.chunking ?? store.defaultChunking ?? AUTO_CHUNKING,
  };
  store.attachments.add(attachment);
  store.counts[attachment.status] += 1;
  store.usageBytes += attachment.usageBytes;
  if (outcome === undefined && input.isStuck !== true) {
    const dueMs = project.clock.now() + project.settings.processingDelayMs;
    project.due.add(dueMs, { kind: 'attachment_processed', store, attachment });
  }
  return attachment;
}

/** Removes an attachment from its store, if it exists. */
export function removeAttachment(store: StoreRow, fileId: string): void {
  const attachment = store.attachments.remove(fileId);
  if (attachment === undefined) return;
  store.counts[attachment.status] -= 1;
  store.usageBytes -= attachment.usageBytes;
}

/** Moves an attachment to another status and keeps its store's counts and bytes in sync. */
export function setAttachmentStatus(
  store: StoreRow,
  attachment: AttachmentRow,
  next: Pick<AttachmentRow, 'status' | 'usageBytes' | 'lastError'>,
): void {
  store.counts[attachment.status] -= 1;
  store.counts[next.status] += 1;
  store.usageBytes += next.usageBytes - attachment.usageBytes;
  attachment.status = next.status;
  attachment.usageBytes = next.usageBytes;
  attachment.lastError = next.lastError;
}
