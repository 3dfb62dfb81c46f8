import type { UpstreamPort } from '@espejo/upstream';
import type { TransferWorkContext } from '../../context/app-context.ts';
import { TransferHalted, type TransferSession, updateTransfer } from '../transfer-session.ts';
import { missingTargetReason } from './await-missing.ts';
import { waitForMissing } from './missing-wait.ts';

/** Names the transfer on the store that it makes, until that is whole. */
const MARK = 'espejo_transfer';
/** Until it is whole the store ends by itself, should nobody ever come back to it. */
const SHORT_EXPIRY = { anchor: 'last_active_at', days: 1 } as const;

/** The store upstream: the one on record, one that an earlier turn made without hearing of it, or a new one. */
export async function ensureTarget(
  deps: TransferWorkContext,
  session: TransferSession,
  upstream: UpstreamPort,
): Promise<string> {
  const { tenantId, transferId, connection, signal } = session;
  const row = await deps.db.read.transfers.find(tenantId, transferId);
  if (row === undefined) throw new Error('The transfer is not on record any more.');
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

/** Waits until a store that was made shows. It parks where that takes too long: it may be gone, and then nothing is uploaded. */
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
    const reason = `OpenAI does not find vector store '${storeId}' yet. It is looked for again.`;
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
