import type { AttachmentSnapshot } from '@espejo/core';
import type { TransferItemRecord } from '@espejo/db';
import type { UpstreamPort } from '@espejo/upstream';
import type { TransferDeps } from './transfer-deps.ts';
import { type TransferSession, updateItem, workOnItems } from './transfer-session.ts';

const CONCURRENCY = 3;
const POLL = { firstMs: 500, mostMs: 10_000 } as const;

/**
 * Waits until upstream has taken in or refused every file that was attached. A file it refused is taken back whole, so
 * that none is left that no store serves. False: some are not there after all and have to be attached again.
 */
export async function settleAttached(
  deps: TransferDeps,
  session: TransferSession,
  target: { readonly upstream: UpstreamPort; readonly storeId: string },
): Promise<boolean> {
  const { tenantId, transferId, signal } = session;
  const { upstream, storeId } = target;
  for (let waitMs: number = POLL.firstMs; ; waitMs = Math.min(waitMs * 2, POLL.mostMs)) {
    const { attached } = await deps.db.read.transferItems.count(tenantId, transferId);
    if (attached === 0) break;
    const present = await listPresent(upstream, storeId, signal);
    await workOnItems(deps, session, {
      states: ['attached'],
      concurrency: CONCURRENCY,
      work: (item) => settle(item, present.get(item.targetFileId ?? '')),
    });
    const counts = await deps.db.read.transferItems.count(tenantId, transferId);
    if (counts.attached === 0) break;
    await deps.sleep(waitMs, signal);
  }
  return (await deps.db.read.transferItems.count(tenantId, transferId)).uploaded === 0;

  async function settle(item: TransferItemRecord, found: AttachmentSnapshot | undefined): Promise<void> {
    const fileId = item.targetFileId ?? '';
    if (found === undefined) {
      // A list may lag; its absence is believed when the file itself is not in the store.
      if ((await upstream.probeAttachment(storeId, fileId, { signal })) === 'absent')
        await updateItem(deps, session, item, { state: 'uploaded' });
      return;
    }
    if (found.status === 'in_progress') return;
    if (found.status === 'completed') return updateItem(deps, session, item, { state: 'done', reason: null });
    await takeBack(deps, session, { storeId, fileId });
    const said = found.lastError?.message;
    const reason = `OpenAI could not take it in${typeof said === 'string' ? `: ${said}` : '.'}`;
    await updateItem(deps, session, item, { state: 'failed', reason, targetFileId: null, uploadId: null });
  }
}

/** Deletes a file that this transfer uploaded, out of its store first. Gone before is as good. */
async function takeBack(
  deps: TransferDeps,
  { connection, signal }: TransferSession,
  { storeId, fileId }: { readonly storeId: string; readonly fileId: string },
): Promise<void> {
  const deleter = deps.deleterFor(connection);
  await deleter.detachFile(storeId, fileId, { signal });
  await deleter.deleteFile(fileId, { signal });
}

async function listPresent(
  upstream: UpstreamPort,
  storeId: string,
  signal: AbortSignal,
): Promise<Map<string, AttachmentSnapshot>> {
  const present = new Map<string, AttachmentSnapshot>();
  for await (const page of upstream.listAttachments(storeId, { signal }))
    for (const attachment of page.items) present.set(attachment.fileId, attachment);
  return present;
}
