import type { UpstreamPort } from '@espejo/upstream';
import type { TransferDeps } from './transfer-deps.ts';
import { TransferHalted, type TransferSession, updateTransfer } from './transfer-session.ts';

/** Names the transfer on the store that it makes, until that is whole. */
const MARK = 'espejo_transfer';
/** Until it is whole the store ends by itself, should nobody ever come back to it. */
const SHORT_EXPIRY = { anchor: 'last_active_at', days: 1 } as const;

/** The store upstream: the one on record, one that an earlier turn made without hearing of it, or a new one. */
export async function ensureTarget(
  deps: TransferDeps,
  session: TransferSession,
  upstream: UpstreamPort,
): Promise<string> {
  const { tenantId, transferId, connection, signal } = session;
  const row = await deps.db.read.transfers.find(tenantId, transferId);
  if (row === undefined) throw new Error('The transfer is not on record any more.');
  if (row.targetStoreId !== null) {
    if ((await upstream.probeVectorStore(row.targetStoreId, { signal })) === 'present') return row.targetStoreId;
    throw new TransferHalted({
      type: 'park',
      reason: `Vector store '${row.targetStoreId}', which this transfer made, is gone from the project. Cancel the transfer and publish again.`,
    });
  }
  const made = row.isTargetAsked ? await findMarked(upstream, transferId, signal) : undefined;
  await updateTransfer(deps, session, { isTargetAsked: true });
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
