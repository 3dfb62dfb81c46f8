import { setTimeout as delay } from 'node:timers/promises';
import { type AttachmentSnapshot, asSystem } from '@espejo/core';
import type { TransferItemRecord, TransferRow } from '@espejo/db';
import { UpstreamError } from '@espejo/upstream';
import { upsertAttachments } from '../attachments/upsert-attachments.ts';
import type { TransferWorkContext } from '../context/app-context.ts';
import { createFile } from '../files/create-file.ts';
import { getWritableStore } from '../lookup/find-attachment.ts';
import { planAdoption } from './plan-items.ts';

import { assertRunning, type TransferSession, updateItem, updateTransfer, workOnItems } from './transfer-session.ts';

const CONCURRENCY = 4;
/** Polled at least this often, in case an ingestion event was missed. */
const LOOK_MS = 2_000;

/** Copies a mirror into a primary store from its recorded state. Every step is recorded before the next one begins. */
export async function runAdoption(
  deps: TransferWorkContext,
  session: TransferSession,
  row: TransferRow,
): Promise<void> {
  const { targetStoreId } = row;
  if (targetStoreId === null) throw new Error('An adoption is recorded together with its store.');
  if (row.phase === 'listing') await listMirror(deps, session, row);
  await workOnItems(deps, session, {
    states: ['pending'],
    concurrency: CONCURRENCY,
    work: (item) => adoptFile(deps, session, { row, targetStoreId, item }),
  });
  await updateTransfer(deps, session, { phase: 'indexing', reason: null });
  await awaitIndexing(deps, session, targetStoreId);
}

/** Records the files of the mirror as upstream lists them now: all of them, or none. */
async function listMirror(deps: TransferWorkContext, session: TransferSession, row: TransferRow): Promise<void> {
  const { tenantId, transferId, connection, signal } = session;
  const byId = new Map<string, AttachmentSnapshot>();
  for await (const page of deps.upstreamFor(connection).listAttachments(row.sourceStoreId, { signal })) {
    for (const attachment of page.items) byId.set(attachment.fileId, attachment);
  }
  const filenames = new Map<string, string>();
  const ghosts = new Set<string>();
  for (const fileId of byId.keys()) {
    const file = await deps.db.read.fileList.find(tenantId, fileId);
    if (file !== undefined) filenames.set(fileId, file.filename);
    // Newer than the last listing of files, or a ghost.
    else if ((await deps.upstreamFor(connection).probeFile(fileId, { signal })) === 'absent') ghosts.add(fileId);
  }
  const items = planAdoption([...byId.values()], { filenames, ghosts });
  await deps.db.transaction(async (tx) => {
    await assertRunning(tx, session);
    await tx.transferItems.insertAll(tenantId, transferId, items);
    await tx.transfers.update(tenantId, transferId, { phase: 'copying', reason: null });
  });
}

/** Copies one file as its parsed text. It is recorded, attached and marked done in one transaction. */
async function adoptFile(
  deps: TransferWorkContext,
  session: TransferSession,
  input: { readonly row: TransferRow; readonly targetStoreId: string; readonly item: TransferItemRecord },
): Promise<void> {
  const { tenantId, transferId, signal } = session;
  const { row, targetStoreId, item } = input;
  const texts = await readText(deps, session, row.sourceStoreId, item.sourceFileId);
  if (texts === 'left') {
    const reason = 'It left the store while it was being copied.';
    return updateItem(deps, session, item, { state: 'skipped', reason });
  }
  const text = texts.join('\n');
  if (text.trim() === '') {
    return updateItem(deps, session, item, { state: 'failed', reason: 'OpenAI has no text of this file.' });
  }
  await createFile(deps, {
    by: asSystem(tenantId, row.actor),
    filename: item.filename,
    purpose: 'assistants',
    mimeType: 'text/plain',
    expiresAfterS: null,
    source: one(new TextEncoder().encode(text)),
    signal,
    adoption: {
      from: item.sourceFileId,
      async place(tx, fileId) {
        await assertRunning(tx, session);
        const nowMs = deps.clock.nowMs();
        const store = await getWritableStore(tx, { tenantId, storeId: targetStoreId, nowMs });
        const { attributes, maxTokens, overlapTokens } = item;
        const files = [{ fileId, attributes, chunking: { maxTokens, overlapTokens } }];
        await upsertAttachments(tx, deps.clock, {
          by: asSystem(tenantId, row.actor),
          store,
          files,
          batchId: null,
          nowMs,
        });
        await tx.transferItems.update(tenantId, transferId, item.position, { state: 'attached', targetFileId: fileId });
      },
    },
  });
  deps.ingestion.wake();
}

/** The parsed text of a file; `left`: the store does not have it any more, as the attachment itself was requested. */
async function readText(
  deps: TransferWorkContext,
  { connection, signal }: TransferSession,
  storeId: string,
  fileId: string,
): Promise<readonly string[] | 'left'> {
  try {
    return await deps.searcherFor(connection).readFileText(storeId, fileId, { signal, isInteractive: false });
  } catch (cause) {
    if (!(cause instanceof UpstreamError) || cause.kind !== 'gone') throw cause;
  }
  // Upstream answers 404 as well when it has lost the text of a file that is still in the store.
  return (await deps.upstreamFor(connection).probeAttachment(storeId, fileId, { signal })) === 'absent' ? 'left' : [];
}

/** Waits until every copied file is indexed or has failed, and records the result. */
async function awaitIndexing(deps: TransferWorkContext, session: TransferSession, storeId: string): Promise<void> {
  const { tenantId, transferId, signal } = session;
  let wake = () => {};
  const stop = deps.ingestionHub.subscribe(tenantId, storeId, ({ status }) => {
    if (status !== 'in_progress') wake();
  });
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const counts = await deps.db.transaction(async (tx) => {
        await assertRunning(tx, session);
        await tx.transferItems.settleAdopted(tenantId, transferId, storeId);
        return tx.transferItems.count(tenantId, transferId);
      });
      if (counts.attached === 0) return;
      await Promise.race([woken, delay(LOOK_MS, undefined, { signal, ref: false })]);
    }
  } finally {
    stop();
  }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
