import type { UpstreamPort } from '@espejo/upstream';
import type { TransferWorkContext } from '../../context/app-context.ts';
import { TransferHalted, type TransferSession, updateTransfer } from '../transfer-session.ts';
import { missingTargetReason } from './await-missing.ts';
import { waitForMissing } from './missing-wait.ts';

/** The metadata key that marks the store of an unfinished transfer. */
const MARK = 'espejo_transfer';
/** Until it is complete the store expires, in case the transfer is never continued. */
const SHORT_EXPIRY = { anchor: 'last_active_at', days: 1 } as const;

/**
 * The store upstream: the recorded one, one that an earlier attempt created without getting the answer, or a new one.
 */
export async function ensureTarget(
  deps: TransferWorkContext,
  session: TransferSession,
  upstream: UpstreamPort,
): Promise<string> {
  const { tenantId, transferId, connection, signal } = session;
  const row = await deps.db.read.transfers.find(tenantId, transferId);
  if (row === undefined) throw new Error('The transfer does not exist any more.');
  if (row.targetStoreId !== null) {
    await awaitTarget(deps, session, upstream, row.targetStoreId);
    return row.targetStoreId;
  }
  const made = row.isTargetRequested ? await findMarked(upstream, transferId, signal) : undefined;
  await updateTransfer(deps, session, { isTargetRequested: true });
  const targetStoreId =
    made ??
    (
      await deps.publisherFor(connection).createVectorStore(
        {
          ...(row.targetName !== null && { name: row.targetName }),
          expires_after: SHORT_EXPIRY,
          metadata: { [MARK]: transferId },
        },
        { signal },
      )
    ).id;
  await updateTransfer(deps, session, { targetStoreId });
  return targetStoreId;
}

/**
 * Waits until a created store is found. Parks when that takes too long: it may have been deleted, so nothing is
 * uploaded.
 */
async function awaitTarget(
  deps: TransferWorkContext,
  session: TransferSession,
  upstream: UpstreamPort,
  storeId: string,
): Promise<void> {
  const { tenantId, transferId, signal } = session;
  for (;;) {
    const row = await deps.db.read.transfers.find(tenantId, transferId);
    const isPresent = (await upstream.probeVectorStore(storeId, { signal })) === 'present';
    if (isPresent && row?.targetMissingSinceMs != null) {
      await updateTransfer(deps, session, { targetMissingSinceMs: null, reason: null });
    }
    if (isPresent) return;
    const sinceMs = row?.targetMissingSinceMs ?? deps.clock.nowMs();
    const next = waitForMissing({ sinceMs, nowMs: deps.clock.nowMs() });
    if (next.type === 'over') throw new TransferHalted({ type: 'park', reason: missingTargetReason(storeId) });
    const reason = `OpenAI does not find vector store '${storeId}' yet. It is checked again.`;
    await updateTransfer(deps, session, { targetMissingSinceMs: sinceMs, reason });
    await deps.sleep(next.waitMs, signal);
  }
}

async function findMarked(
  upstream: UpstreamPort,
  transferId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  for await (const page of upstream.listVectorStores({ signal })) {
    const found = page.items.find(({ metadata }) => metadata?.[MARK] === transferId);
    if (found !== undefined) return found.id;
  }
  return undefined;
}
