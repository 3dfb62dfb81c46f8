import { isFileListingDue, rollingIntervalMs } from '@espejo/core';
import { UpstreamError } from '@espejo/upstream';
import { createMirrorWriter, type MirrorWriter } from '../apply/mirror-writer.ts';
import { enterPhase, missingMarkMs, type RunContext, writeMirror, yieldToServer } from '../run/run-context.ts';
import { isFatal, toRunFailure } from '../run/run-failure.ts';
import { listAttachments } from './list-attachments.ts';
import type { ListedStore, StoresListed } from './list-stores.ts';
import { workOff } from './work-off.ts';

export interface AttachmentsListed {
  /** Attachments that the complete listing of their store did not show. */
  readonly unseen: readonly { readonly storeId: string; readonly fileId: string }[];
  /** The first listing that did not end cleanly; null when all did. */
  readonly failure: UpstreamError | null;
}

/** After this many listings in a row without an answer, upstream counts as down: the rest is left to the next run. */
const FAILURES_IN_A_ROW_MAX = 8;

/** Lists the files of every due store and writes the differences, page by page; removes nothing. */
export async function syncAttachments(ctx: RunContext, listing: StoresListed): Promise<AttachmentsListed> {
  const due = await selectDueStores(ctx, listing);
  enterPhase(ctx, 'listing_attachments', due.length);
  const unseen: { storeId: string; fileId: string }[] = [];
  const writer = createMirrorWriter((writes) =>
    ctx.run.isDryRun
      ? Promise.resolve()
      : writeMirror(ctx, async (tx) => {
          for (const write of writes) {
            await write(tx);
            await yieldToServer();
          }
        }),
  );
  let failuresInARow = 0;
  let failure: UpstreamError | null = null;
  try {
    await workOff(due, ctx, async (store, signal) => {
      if (failuresInARow >= FAILURES_IN_A_ROW_MAX) return;
      const listedFingerprint = listing.known.get(store.snapshot.id)?.listedFingerprint ?? null;
      try {
        for (const fileId of await listAttachments(ctx, writer, store, { listedFingerprint, signal })) {
          unseen.push({ storeId: store.snapshot.id, fileId });
        }
        failuresInARow = 0;
      } catch (cause) {
        if (!(cause instanceof UpstreamError) || isFatal(cause)) throw cause;
        if (isExpiredRefusal(store, cause)) {
          await keepKnownAttachments(ctx, writer, store);
          failuresInARow = 0;
          ctx.recorder.advance(1);
          return;
        }
        await noteFailure(ctx, writer, store, cause);
        if (cause.kind !== 'gone') failure ??= cause;
        failuresInARow = cause.kind === 'unavailable' || cause.kind === 'rate_limited' ? failuresInARow + 1 : 0;
      }
      ctx.recorder.advance(1);
    });
  } finally {
    // Rows of listed pages are correct, whatever happened to the rest.
    await writer.flush();
  }
  return { unseen, failure };
}

async function selectDueStores(ctx: RunContext, listing: StoresListed): Promise<ListedStore[]> {
  const { read } = ctx.db;
  const missing = await read.attachments.listMissing(ctx.tenantId, ctx.connection.id);
  const missingCount = new Map<string, number>();
  for (const { storeId } of missing) missingCount.set(storeId, (missingCount.get(storeId) ?? 0) + 1);
  const nowMs = ctx.clock.nowMs();
  const due: ListedStore[] = [];
  for (const store of listing.listed.values()) {
    const { id, fileCounts } = store.snapshot;
    const known = listing.known.get(id);
    const isDue = isFileListingDue({
      fingerprint: store.fingerprint,
      filesTotal: fileCounts.total,
      filesInProgress: fileCounts.in_progress,
      listedFingerprint: known?.listedFingerprint ?? null,
      filesListedAtMs: known?.filesListedAtMs ?? null,
      // Only the result for an empty store depends on it, so it is requested only then.
      knownAttachmentCount:
        fileCounts.total > 0 ? 1 : known !== undefined && (await read.attachments.hasAny(ctx.tenantId, id)) ? 1 : 0,
      missingAttachmentCount: missingCount.get(id) ?? 0,
      isFull: ctx.run.isFull,
      nowMs,
      relistIntervalMs: rollingIntervalMs(id, ctx.settings.relistIntervalMs),
    });
    if (isDue) due.push(store);
  }
  return due;
}

/** An expired store has detached its files, and upstream may refuse to list them: that is no error. */
function isExpiredRefusal(store: ListedStore, { kind, httpStatus }: UpstreamError): boolean {
  return store.snapshot.status === 'expired' && kind === 'malformed' && (httpStatus === 400 || httpStatus === 404);
}

/** The mirror keeps the last known state of an expired store; it is not listed again until its row changes. */
async function keepKnownAttachments(
  ctx: RunContext,
  writer: MirrorWriter,
  { snapshot, fingerprint }: ListedStore,
): Promise<void> {
  if (ctx.run.isDryRun) return;
  const nowMs = ctx.clock.nowMs();
  const changes = ctx.recorder.takeChange(snapshot.id);
  await writer.push(1, async (tx) => {
    await tx.mirrorStores.setFilesListed(ctx.tenantId, snapshot.id, fingerprint, nowMs);
    await tx.syncChanges.put(changes);
  });
}

/** A store that answers 404 was deleted after it was listed: it becomes missing, the others go on. */
async function noteFailure(
  ctx: RunContext,
  writer: MirrorWriter,
  store: ListedStore,
  error: UpstreamError,
): Promise<void> {
  const { id, name } = store.snapshot;
  const draft = ctx.recorder.change(id, name);
  draft.message = toRunFailure(error).message;
  if (error.kind === 'gone') {
    draft.action = 'missing';
    ctx.recorder.counters.stores.missing += 1;
    await writer.push(1, (tx) => tx.mirrorStores.markMissing(ctx.tenantId, [id], missingMarkMs(ctx)));
    return;
  }
  draft.action = 'failed';
  ctx.recorder.counters.stores.failed += 1;
  ctx.log.warn({ err: error, storeId: id }, 'the files of a store could not be listed');
}
