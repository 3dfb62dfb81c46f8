import { AppError, type Authorized } from '@espejo/core';
import type { PrimaryContext } from '../context/app-context.ts';
import { statusEvent } from '../context/events.ts';
import { findAttachment, getWritableStore } from '../lookup/find-attachment.ts';

/** Files of one retry call; the rest needs another call. */
const FILES_MAX = 10_000;

/**
 * Queues failed or cancelled files for ingestion again: the named ones, or every failed one of the store. Throws
 * `invalid_request` for a named one in another status. Returns which files are in progress again.
 */
export async function retryIngestion(
  deps: PrimaryContext,
  input: {
    readonly by: Authorized<'write'>;
    readonly storeId: string;
    readonly fileIds: readonly string[] | 'failed';
  },
): Promise<{ fileIds: string[] }> {
  const { by, storeId } = input;
  const { tenantId } = by;
  const fileIds = await deps.db.transaction(async (tx) => {
    const nowMs = deps.clock.nowMs();
    await getWritableStore(tx, { tenantId, storeId, nowMs });
    const wanted =
      input.fileIds === 'failed' ? await tx.primaryAttachments.listFailed(tenantId, storeId, FILES_MAX) : input.fileIds;
    for (const fileId of new Set(wanted)) {
      const { status } = await findAttachment(tx, { tenantId, storeId, fileId });
      if (status !== 'failed' && status !== 'cancelled') {
        throw new AppError(
          'invalid_request',
          `File '${fileId}' is ${status}. Only failed and cancelled ones are retried.`,
        );
      }
      await tx.primaryAttachments.retry({ tenantId, storeId, fileId }, nowMs);
    }
    if (wanted.length > 0) {
      await tx.audit.append(by, {
        atMs: nowMs,
        action: 'ingestion.retried',
        subject: storeId,
        outcome: 'accepted',
        detail: { files: wanted.length },
      });
    }
    return [...new Set(wanted)];
  });
  for (const fileId of fileIds)
    deps.ingestionHub.publish(tenantId, storeId, statusEvent(storeId, fileId, 'in_progress'));
  deps.ingestion.wake();
  return { fileIds };
}
