import type { FileSnapshot, JsonObject } from '@espejo/core';
import type { AttachmentRecord, TransferRow } from '@espejo/db';
import type { UpstreamPort } from '@espejo/upstream';
import type { TransferWorkContext } from '../../context/app-context.ts';
import { createKeyedMutex } from '../../keyed-mutex.ts';
import { getWritableStore } from '../../lookup/find-attachment.ts';
import { planPublication } from '../plan-items.ts';
import { assertRunning, type TransferSession, updateTransfer, workOnItems } from '../transfer-session.ts';
import { awaitMissing } from './await-missing.ts';
import { awaitRemoteIndexing, verifyPublished } from './await-remote-indexing.ts';
import { ensureTarget } from './ensure-target.ts';
import { publishFile } from './publish-file.ts';
import { takeBack } from './take-back.ts';

const CONCURRENCY = 3;
const PAGE_FILES = 500;

/**
 * Publishes a primary store into a project upstream from its recorded state. Until it is complete the store there
 * expires within a day of its last use; the last step clears that, and sets its own metadata and policy.
 */
export async function runPublication(
  deps: TransferWorkContext,
  session: TransferSession,
  row: TransferRow,
): Promise<void> {
  if (row.phase === 'listing') await listOwn(deps, session, row);
  const upstream = deps.upstreamFor(session.connection);
  const storeId = await ensureTarget(deps, session, upstream);
  const nameGate = createKeyedMutex();
  for (;;) {
    const listFiles = once(() => collectFiles(upstream, session.signal));
    await workOnItems(deps, session, {
      states: ['taking_back', 'pending', 'uploading', 'completing', 'uploaded'],
      concurrency: CONCURRENCY,
      work: (item) =>
        item.state === 'taking_back'
          ? takeBack(deps, session, storeId, item)
          : publishFile(deps, session, { storeId, nameGate, listFiles }, item),
    });
    await updateTransfer(deps, session, { phase: 'indexing', reason: null });
    if (
      (await awaitRemoteIndexing(deps, session, { upstream, storeId })) &&
      (await verifyPublished(deps, session, { upstream, storeId }))
    )
      return;
    await awaitMissing(deps, session, { upstream, storeId });
  }
}

/** The last step: the published store gets its final metadata and policy. */
export async function finishPublication(
  deps: TransferWorkContext,
  session: TransferSession,
  row: TransferRow,
): Promise<void> {
  if (row.targetStoreId === null) throw new Error('Nothing was published.');
  const fields = JSON.parse(row.finalFields ?? '{}') as JsonObject;
  await deps.publisherFor(session.connection).updateVectorStore(row.targetStoreId, fields, { signal: session.signal });
}

/** Records the present files of the store. */
async function listOwn(deps: TransferWorkContext, session: TransferSession, row: TransferRow): Promise<void> {
  const { tenantId, transferId } = session;
  await deps.db.transaction(async (tx) => {
    await assertRunning(tx, session);
    await getWritableStore(tx, { tenantId, storeId: row.sourceStoreId, nowMs: deps.clock.nowMs() });
    const attachments: AttachmentRecord[] = [];
    for (let after: string | undefined; ; ) {
      const page = await tx.attachmentList.page({
        tenantId,
        storeId: row.sourceStoreId,
        order: 'asc',
        after,
        limit: PAGE_FILES,
      });
      attachments.push(...(page?.rows ?? []));
      after = page?.rows.at(-1)?.fileId;
      if (page?.hasMore !== true || after === undefined) break;
    }
    await tx.transferItems.insertAll(tenantId, transferId, planPublication(attachments));
    await tx.transfers.update(tenantId, transferId, { phase: 'copying', reason: null });
  });
}

async function collectFiles(upstream: UpstreamPort, signal: AbortSignal): Promise<readonly FileSnapshot[]> {
  const files = new Map<string, FileSnapshot>();
  for await (const page of upstream.listFiles({ signal })) for (const file of page.items) files.set(file.id, file);
  return [...files.values()];
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
