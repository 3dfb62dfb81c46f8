import { type ItemKind, isDueForRemoval, type RemovalCandidates } from '@espejo/core';
import type { KnownStore } from '@espejo/db';
import { type Presence, UpstreamError } from '@espejo/upstream';
import { certainNowMs } from '../../../ports.ts';
import { workOff } from '../list/work-off.ts';
import { enterPhase, type RunContext, writeMirror, yieldToServer } from '../run/run-context.ts';
import { isFatal } from '../run/run-failure.ts';

interface DueItem {
  readonly kind: ItemKind;
  readonly id: string;
  readonly storeId: string;
  readonly fileId: string;
}

/** Items removed in one transaction. A store's attachments are removed with it, so stores are removed one by one. */
const CHUNK = 200;

/**
 * The last step of a run (rule 3), and the only one that removes: each candidate that has been missing since an earlier
 * complete listing, for longer than the grace period, is requested by its id; only a 404 removes it (rule 4). Returns
 * the first failed request; its item is kept.
 */
export async function confirmRemovals(ctx: RunContext, candidates: RemovalCandidates): Promise<UpstreamError | null> {
  const due = await selectDue(ctx, candidates);
  if (due.length === 0) return null;
  enterPhase(ctx, 'confirming', due.length);
  const gone: DueItem[] = [];
  const alive: DueItem[] = [];
  let failure: UpstreamError | null = null;
  await workOff(due, ctx, async (item, signal) => {
    try {
      ((await probe(ctx, item, signal)) === 'absent' ? gone : alive).push(item);
    } catch (cause) {
      if (!(cause instanceof UpstreamError) || isFatal(cause)) throw cause;
      failure ??= cause;
      counterOf(ctx, item.kind).failed += 1;
      ctx.log.warn({ err: cause, kind: item.kind, id: item.id }, 'a missing item could not be requested; it is kept');
    }
    ctx.recorder.advance(1);
  });
  await keepAlive(ctx, alive);
  await remove(ctx, gone);
  return failure;
}

/** How many candidates this run would request and, when upstream answers 404, remove. */
async function selectDue(ctx: RunContext, candidates: RemovalCandidates): Promise<DueItem[]> {
  const { read } = ctx.db;
  const { tenantId, connection } = ctx;
  const nowMs = certainNowMs(ctx.clock);
  const isDue = (missingSinceMs: number | null) =>
    isDueForRemoval({
      missingSinceMs,
      runStartedAtMs: ctx.run.startedAtMs,
      nowMs,
      graceMs: connection.removalGraceS * 1000,
    });
  const due: DueItem[] = [];
  if (candidates.attachments.length > 0) {
    const wanted = new Set(candidates.attachments);
    for (const { storeId, fileId, missingSinceMs } of await read.attachments.listMissing(tenantId, connection.id)) {
      const id = `${storeId}/${fileId}`;
      if (wanted.has(id) && isDue(missingSinceMs)) due.push({ kind: 'attachments', id, storeId, fileId });
    }
  }
  if (candidates.files.length > 0) {
    const wanted = new Set(candidates.files);
    for (const { id, missingSinceMs } of await read.files.listMissing(tenantId, connection.id)) {
      if (wanted.has(id) && isDue(missingSinceMs)) due.push({ kind: 'files', id, storeId: '', fileId: id });
    }
  }
  if (candidates.vector_stores.length > 0) {
    const known = await read.mirrorStores.listKnown(tenantId, connection.id);
    for (const id of candidates.vector_stores) {
      if (isDue(known.get(id)?.missingSinceMs ?? null))
        due.push({ kind: 'vector_stores', id, storeId: id, fileId: '' });
    }
  }
  return due;
}

function probe(ctx: RunContext, item: DueItem, signal: AbortSignal): Promise<Presence> {
  const options = { signal };
  if (item.kind === 'vector_stores') return ctx.upstream.probeVectorStore(item.storeId, options);
  if (item.kind === 'files') return ctx.upstream.probeFile(item.fileId, options);
  return ctx.upstream.probeAttachment(item.storeId, item.fileId, options);
}

/** Upstream still has it: the listing was incomplete. The count of complete listings restarts. */
async function keepAlive(ctx: RunContext, alive: readonly DueItem[]): Promise<void> {
  if (alive.length === 0) return;
  await writeMirror(ctx, async (tx) => {
    for (const { kind, storeId, fileId } of alive) {
      if (kind === 'vector_stores') await tx.mirrorStores.clearMissing(ctx.tenantId, storeId);
      else if (kind === 'files') await tx.files.clearMissing(ctx.tenantId, fileId);
      else await tx.attachments.clearMissing(ctx.tenantId, storeId, fileId);
      counterOf(ctx, kind).returned += 1;
    }
  });
}

async function remove(ctx: RunContext, gone: readonly DueItem[]): Promise<void> {
  if (gone.length === 0) return;
  enterPhase(ctx, 'removing', gone.length);
  const known = await ctx.db.read.mirrorStores.listKnown(ctx.tenantId, ctx.connection.id);
  for (const chunk of toChunks(gone)) {
    await writeMirror(ctx, async (tx) => {
      for (const { kind, storeId, fileId } of chunk) {
        if (kind === 'files') await tx.files.remove(ctx.tenantId, fileId);
        else if (kind === 'attachments') await tx.attachments.remove(ctx.tenantId, storeId, fileId);
        else {
          await tx.attachments.removeAllOfStore(ctx.tenantId, storeId);
          await tx.mirrorStores.remove(ctx.tenantId, storeId);
        }
      }
    });
    for (const item of chunk) noteRemoved(ctx, item, known);
    ctx.recorder.advance(chunk.length);
    await yieldToServer();
  }
}

/** Records in a dry run what `confirmRemovals` would remove if upstream answered 404 to each; sends no request. */
export async function noteDueRemovals(ctx: RunContext, candidates: RemovalCandidates): Promise<void> {
  const due = await selectDue(ctx, candidates);
  if (due.length === 0) return;
  const known = await ctx.db.read.mirrorStores.listKnown(ctx.tenantId, ctx.connection.id);
  for (const item of due) noteRemoved(ctx, item, known);
}

function noteRemoved(ctx: RunContext, item: DueItem, known: ReadonlyMap<string, KnownStore>): void {
  counterOf(ctx, item.kind).removed += 1;
  if (item.kind === 'files') return;
  const draft = ctx.recorder.change(item.storeId, known.get(item.storeId)?.name ?? null);
  if (item.kind === 'vector_stores') draft.action = 'removed';
  else ctx.recorder.noteFile(draft, 'removed', item.fileId);
}

/** The items of one transaction each. Answers came in any order, so they are sorted by kind first. */
function toChunks(gone: readonly DueItem[]): DueItem[][] {
  return (['attachments', 'files', 'vector_stores'] as const).flatMap((kind) => {
    const items = gone.filter((item) => item.kind === kind);
    const size = kind === 'vector_stores' ? 1 : CHUNK;
    return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
  });
}

function counterOf(ctx: RunContext, kind: ItemKind) {
  const { stores, attachments, files } = ctx.recorder.counters;
  return kind === 'vector_stores' ? stores : kind === 'files' ? files : attachments;
}
