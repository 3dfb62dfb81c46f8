import { nowSeconds } from '../../clock.ts';
import { setAttachmentStatus } from '../attachments/attachments.ts';
import { dropFile } from '../files/drop-file.ts';
import { parseFile, seededTextBytes, usageBytesOf } from '../files/file-text.ts';
import type { Project } from '../project.ts';
import { type AttachmentRow, type StoreRow, storeExpiresAt } from '../rows.ts';

/**
 * Processes everything that is due by the clock: processing ends, stores and files expire. Every function calls it
 * first.
 */
export function settle(project: Project): void {
  const nowMs = project.clock.now();
  for (let next = project.due.takeDue(nowMs); next !== undefined; next = project.due.takeDue(nowMs)) {
    const { event, dueMs } = next;
    if (event.kind === 'attachment_processed') finishProcessing(project, event.store, event.attachment, dueMs);
    else if (event.kind === 'store_expiry') expireStore(project, event.storeId, dueMs);
    else dropFile(project, event.fileId, project.settings.ghostMode);
  }
}

/** Marks a store as used now, which moves its expiry. */
export function touchStore(project: Project, store: StoreRow, atSeconds = nowSeconds(project.clock)): void {
  store.lastActiveAt = Math.max(store.lastActiveAt, atSeconds);
}

/** Schedules the expiry of a store; an event that comes too early, because the store was used, is scheduled again. */
export function scheduleStoreExpiry(project: Project, store: StoreRow): void {
  const expiresAt = storeExpiresAt(store);
  if (expiresAt !== null && !store.isExpired) {
    project.due.add(expiresAt * 1000, { kind: 'store_expiry', storeId: store.id });
  }
}

function finishProcessing(project: Project, store: StoreRow, attachment: AttachmentRow, dueMs: number): void {
  const isCurrent = store.attachments.get(attachment.id) === attachment && attachment.status === 'in_progress';
  const file = project.files.get(attachment.id);
  if (!isCurrent || file === undefined) return;
  if (file.content === null) {
    setAttachmentStatus(store, attachment, {
      status: 'completed',
      usageBytes: usageBytesOf(seededTextBytes(file), attachment.chunking),
      lastError: null,
    });
  } else {
    const { text, error } = parseFile(file);
    setAttachmentStatus(store, attachment, {
      status: error === null ? 'completed' : 'failed',
      usageBytes: text === null ? 0 : usageBytesOf(Buffer.byteLength(text), attachment.chunking),
      lastError: error,
    });
  }
  touchStore(project, store, Math.floor(dueMs / 1000));
}

function expireStore(project: Project, storeId: string, dueMs: number): void {
  const store = project.stores.get(storeId);
  const expiresAt = store === undefined ? null : storeExpiresAt(store);
  if (store === undefined || expiresAt === null || store.isExpired) return;
  if (expiresAt * 1000 > dueMs) {
    scheduleStoreExpiry(project, store);
    return;
  }
  store.isExpired = true;
  store.usageBytes = 0;
  store.attachments.clear();
  store.counts.in_progress = 0;
  store.counts.completed = 0;
  store.counts.failed = 0;
  store.counts.cancelled = 0;
}
