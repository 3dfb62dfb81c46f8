import type { UpstreamPort } from '@espejo/upstream';
import type { TransferWorkContext } from '../../context/app-context.ts';
import { TransferHalted, type TransferSession, updateItem, updateTransfer, workOnItems } from '../transfer-session.ts';
import { MISSING_PATIENCE_MS, waitForMissing } from './missing-wait.ts';

const PATIENCE = `${MISSING_PATIENCE_MS / 60_000} minutes`;

/**
 * Waits before files that upstream answers 404 are retried, longer each time. When the wait is over, either the store
 * is missing and the transfer parks, or the file is, and is taken back.
 */
export async function awaitMissing(
  deps: TransferWorkContext,
  session: TransferSession,
  target: { readonly upstream: UpstreamPort; readonly storeId: string },
): Promise<void> {
  const { tenantId, transferId, signal } = session;
  const sinceMs = await deps.db.read.transferItems.oldestMissingMs(tenantId, transferId);
  if (sinceMs === null) return;
  const next = waitForMissing({ sinceMs, nowMs: deps.clock.nowMs() });
  if (next.type === 'wait') {
    await updateTransfer(deps, session, {
      reason: 'OpenAI does not find some of the uploaded files yet. They are retried.',
    });
    return deps.sleep(next.waitMs, signal);
  }
  if ((await target.upstream.probeVectorStore(target.storeId, { signal })) === 'absent') {
    throw new TransferHalted({ type: 'park', reason: missingTargetReason(target.storeId) });
  }
  await workOnItems(deps, session, {
    states: ['uploaded', 'attached'],
    concurrency: 1,
    async work(item) {
      if (item.missingSinceMs === null) return;
      if (waitForMissing({ sinceMs: item.missingSinceMs, nowMs: deps.clock.nowMs() }).type === 'wait') return;
      const reason = `It was uploaded, but OpenAI has not found it, or not shown it in the store, for ${PATIENCE}.`;
      await updateItem(deps, session, item, { state: 'taking_back', reason });
    },
  });
}

/** Why a transfer waits when its store upstream is not found. */
export function missingTargetReason(storeId: string): string {
  return `OpenAI has not found vector store '${storeId}', which this transfer made, for ${PATIENCE}. If it was deleted there, cancel the transfer and publish again; if not, try again.`;
}
