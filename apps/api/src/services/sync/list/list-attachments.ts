import { attachmentHash, classify, createIdSet, type IdSet, type KnownItem, listedFingerprintOf } from '@espejo/core';
import type { MirroredAttachment, SyncChangeRecord } from '@espejo/db';
import type { MirrorWriter } from '../apply/mirror-writer.ts';
import { inChunks, missingMarkMs, type RunContext, yieldToServer } from '../run/run-context.ts';
import type { ListedStore } from './list-stores.ts';

const NOTHING_KNOWN: ReadonlyMap<string, KnownItem> = new Map();
const SCAN_CHUNK = 5000;
const MARK_CHUNK = 500;

/**
 * Lists the files of one store completely and writes the differences, page by page; removes nothing. Only the ids are
 * kept in memory, so a store may have millions of files. Returns the file ids known here that upstream did not list.
 */
export async function listAttachments(
  ctx: RunContext,
  writer: MirrorWriter,
  store: ListedStore,
  options: { readonly listedFingerprint: string | null; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const { id, name, fileCounts } = store.snapshot;
  const { attachments } = ctx.db.read;
  const { counters } = ctx.recorder;
  const knownCount = await attachments.countKnown(ctx.tenantId, id);
  const seen = createIdSet();
  let seenKnownCount = 0;
  for await (const page of ctx.upstream.listAttachments(id, { signal: options.signal })) {
    const pageIds = page.items.map((item) => item.fileId);
    const known = knownCount === 0 ? NOTHING_KNOWN : await attachments.findKnown(ctx.tenantId, id, pageIds);
    const different: MirroredAttachment[] = [];
    const addedIds: string[] = [];
    for (const snapshot of page.items) {
      const { fileId } = snapshot;
      if (!seen.add(fileId)) continue;
      counters.attachments.seen += 1;
      const item = known.get(fileId);
      if (item !== undefined) seenKnownCount += 1;
      const hash = attachmentHash(snapshot);
      const sighting = classify(item, hash);
      if (sighting === 'unchanged' || sighting === 'repeated') continue;
      counters.attachments[sighting] += 1;
      const draft = ctx.recorder.change(id, name);
      ctx.recorder.noteFile(draft, sighting === 'changed' ? 'changed' : 'added', fileId);
      different.push({ snapshot, hash });
      if (sighting === 'added') addedIds.push(fileId);
    }
    if (different.length > 0) {
      await writer.push(different.length, async (tx) => {
        await tx.attachments.upsert(ctx.tenantId, ctx.connection.id, id, different);
        await tx.attachments.recount(ctx.tenantId, addedIds);
      });
    }
  }
  const unseen = seenKnownCount === knownCount ? [] : await collectUnseen(ctx, store, seen);
  counters.attachments.missing += unseen.length;
  // Missing files may be removed later in this run: that record then replaces this one.
  const changes = unseen.length > 0 ? ctx.recorder.showChange(id) : ctx.recorder.takeChange(id);
  const nowMs = ctx.clock.nowMs();
  const listedFingerprint = listedFingerprintOf({
    fingerprint: store.fingerprint,
    filesTotal: fileCounts.total,
    seenCount: seen.size,
    listedFingerprint: options.listedFingerprint,
  });
  if (ctx.run.isDryRun) {
    await keepDryRunChanges(ctx, changes);
    return unseen;
  }
  await inChunks(unseen, MARK_CHUNK, (fileIds) =>
    writer.push(fileIds.length, (tx) => tx.attachments.markMissing(ctx.tenantId, id, fileIds, missingMarkMs(ctx))),
  );
  await writer.push(1 + changes.length, async (tx) => {
    await tx.mirrorStores.setFilesListed(ctx.tenantId, id, listedFingerprint, nowMs);
    await tx.syncChanges.put(changes);
  });
  return unseen;
}

async function collectUnseen(ctx: RunContext, { snapshot }: ListedStore, seen: IdSet): Promise<string[]> {
  const unseen: string[] = [];
  for (let after = ''; ; ) {
    const part = await ctx.db.read.attachments.listKnown(ctx.tenantId, snapshot.id, after, SCAN_CHUNK);
    for (const [fileId, { isMissing }] of part) {
      after = fileId;
      if (seen.has(fileId)) continue;
      unseen.push(fileId);
      if (!isMissing) ctx.recorder.noteFile(ctx.recorder.change(snapshot.id, snapshot.name), 'missing', fileId);
    }
    if (part.size < SCAN_CHUNK) return unseen;
    await yieldToServer();
  }
}

async function keepDryRunChanges(ctx: RunContext, changes: readonly SyncChangeRecord[]): Promise<void> {
  if (changes.length > 0) await ctx.db.transaction((tx) => tx.syncChanges.put(changes));
}
