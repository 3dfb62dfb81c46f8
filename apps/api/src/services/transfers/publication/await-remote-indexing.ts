import type { AttachmentSnapshot } from '@espejo/core';
import type { TransferItemRecord } from '@espejo/db';
import { toQuote, type UpstreamPort } from '@espejo/upstream';
import type { TransferWorkContext } from '../../context/app-context.ts';
import { type TransferSession, updateItem, workOnItems } from '../transfer-session.ts';
import { noteMissing } from './publish-file.ts';

const CONCURRENCY = 3;
const POLL = { firstMs: 500, mostMs: 10_000 } as const;

/** An attached file that its store does not list is attached again after this long. */
const ATTACH_AGAIN_AFTER_MS = 15_000;

/**
 * Waits until upstream has indexed or rejected every attached file; a rejected one is to be taken back. False: some
 * have to be attached again, or taken back.
 */
export async function awaitRemoteIndexing(
  deps: TransferWorkContext,
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
  const { uploaded, taking_back } = await deps.db.read.transferItems.count(tenantId, transferId);
  return uploaded === 0 && taking_back === 0;

  async function settle(item: TransferItemRecord, found: AttachmentSnapshot | undefined): Promise<void> {
    const fileId = item.targetFileId ?? '';
    if (found === undefined) {
      // A list may lag: a file counts as absent when its own attachment is not found either. That may lag as well.
      if ((await upstream.probeAttachment(storeId, fileId, { signal })) === 'present') return;
      const nowMs = deps.clock.nowMs();
      const missingSinceMs = item.missingSinceMs ?? nowMs;
      if (Math.abs(nowMs - missingSinceMs) >= ATTACH_AGAIN_AFTER_MS) return noteMissing(deps, session, item);
      if (item.missingSinceMs === null) await updateItem(deps, session, item, { missingSinceMs });
      return;
    }
    if (found.status === 'in_progress') {
      if (item.missingSinceMs !== null) await updateItem(deps, session, item, { missingSinceMs: null });
      return;
    }
    if (found.status === 'completed') {
      return updateItem(deps, session, item, { state: 'done', reason: null, missingSinceMs: null });
    }
    const said = toQuote(found.lastError?.message);
    const reason = `OpenAI could not ingest it${said === null ? ' and gave no reason.' : ` and said: “${said}”`}`;
    await updateItem(deps, session, item, { state: 'taking_back', reason });
  }
}

/**
 * Compares the published files with the listing of the store: `succeeded` means that every file is there. A missing one
 * is attached again. False: one was missing.
 */
export async function verifyPublished(
  deps: TransferWorkContext,
  session: TransferSession,
  target: { readonly upstream: UpstreamPort; readonly storeId: string },
): Promise<boolean> {
  const { upstream, storeId } = target;
  const { signal } = session;
  const present = await listPresent(upstream, storeId, signal);
  let isWhole = true;
  await workOnItems(deps, session, {
    states: ['done'],
    concurrency: CONCURRENCY,
    async work(item) {
      const fileId = item.targetFileId ?? '';
      const found = present.get(fileId);
      if (found?.status === 'completed') return;
      if (found === undefined && (await upstream.probeAttachment(storeId, fileId, { signal })) === 'present') return;
      isWhole = false;
      if (found === undefined) return noteMissing(deps, session, item);
      return updateItem(deps, session, item, { state: 'attached' });
    },
  });
  return isWhole;
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
