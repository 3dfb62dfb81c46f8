import { type BitSet, classify, createBitSet, type FileSnapshot, fileHash } from '@espejo/core';
import type { MirroredFile } from '@espejo/db';
import { UpstreamError } from '@espejo/upstream';
import { assertUnowned } from '../apply/assert-unowned.ts';
import {
  enterPhase,
  inChunks,
  missingMarkMs,
  type RunContext,
  writeMirror,
  yieldToServer,
} from '../run/run-context.ts';
import { isFatal } from '../run/run-failure.ts';

export interface FilesListed {
  /** Known files that the complete listing did not show. */
  readonly unseenIds: readonly string[];
  readonly failure: UpstreamError | null;
}

/** Files compared or written between two yields: an upstream page may hold ten thousand. */
const CHUNK = 500;
const SCAN_CHUNK = 5000;

/**
 * Whether this run lists the project's files: a full run, a run that a user requested or that found any difference, one
 * after an unfinished run (which may have written what called for this listing), one with files to check a second time,
 * and otherwise by age.
 */
export async function isFileCatalogueDue(ctx: RunContext, hasChanges: boolean): Promise<boolean> {
  const { read } = ctx.db;
  const { filesListedAtMs } = ctx.connection;
  if (ctx.run.isFull || ctx.run.trigger !== 'schedule' || hasChanges || filesListedAtMs === null) return true;
  const ageMs = ctx.clock.nowMs() - filesListedAtMs;
  // A listing in the future means that the clock was set back: its age is unknown.
  if (ageMs < 0 || ageMs >= ctx.settings.filesIntervalMs) return true;
  if ((await read.syncRuns.findLatestEnd(ctx.tenantId, ctx.connection.id)) !== 'succeeded') return true;
  return (await read.files.listMissing(ctx.tenantId, ctx.connection.id)).length > 0;
}

/** Lists the project's files and writes the differences; removes nothing. Memory use is constant. */
export async function syncFiles(ctx: RunContext): Promise<FilesListed> {
  const { read } = ctx.db;
  const before = await read.files.summarize(ctx.tenantId, ctx.connection.id);
  enterPhase(ctx, 'listing_files', null);
  // Row numbers of known files that the listing showed; one bit each, so repeats count once.
  const seen = createBitSet();
  try {
    for await (const page of ctx.upstream.listFiles({ signal: ctx.signal })) {
      const different = new Map<string, MirroredFile>();
      await inChunks(page.items, CHUNK, (items) => compare(ctx, items, before.seqMax, seen, different));
      await write(ctx, [...different.values()]);
    }
  } catch (cause) {
    if (!(cause instanceof UpstreamError) || isFatal(cause)) throw cause;
    ctx.recorder.counters.files.failed += 1;
    ctx.log.warn({ err: cause }, 'the listing of files did not end cleanly');
    return { unseenIds: [], failure: cause };
  }
  const unseenIds = seen.size === before.count ? [] : await collectUnseen(ctx, before.seqMax, seen);
  await noteMissing(ctx, unseenIds);
  return { unseenIds, failure: null };
}

/** Adds the files of a chunk that differ from the mirror to `different`. */
async function compare(
  ctx: RunContext,
  items: readonly FileSnapshot[],
  seqMax: number,
  seen: BitSet,
  different: Map<string, MirroredFile>,
): Promise<void> {
  const { counters } = ctx.recorder;
  const known = await ctx.db.read.files.findKnown(
    ctx.tenantId,
    ctx.connection.id,
    items.map((file) => file.id),
  );
  for (const snapshot of items) {
    const row = known.get(snapshot.id);
    // A row younger than the listing was written by it, and one already in the list is about to be: upstream repeated
    // itself.
    const isRepeated = row === undefined ? different.has(snapshot.id) : row.seq > seqMax || !seen.add(row.seq);
    if (isRepeated) continue;
    counters.files.seen += 1;
    const hash = fileHash(snapshot);
    const sighting = classify(row, hash);
    if (sighting === 'unchanged' || sighting === 'repeated') continue;
    counters.files[sighting] += 1;
    different.set(snapshot.id, { snapshot, hash });
  }
  ctx.recorder.advance(items.length);
}

/** Writes an upstream page in one transaction: small ones would write every page of the indexes again and again. */
async function write(ctx: RunContext, files: readonly MirroredFile[]): Promise<void> {
  if (files.length === 0) return;
  const idsOf = (chunk: readonly MirroredFile[]) => chunk.map((file) => file.snapshot.id);
  if (ctx.run.isDryRun) return assertUnowned(ctx.db.read, ctx, 'files', idsOf(files));
  const nowMs = ctx.clock.nowMs();
  await writeMirror(ctx, (tx) =>
    inChunks(files, CHUNK, async (chunk) => {
      await assertUnowned(tx, ctx, 'files', idsOf(chunk));
      await tx.files.upsert(ctx.tenantId, ctx.connection.id, chunk, nowMs);
    }),
  );
}

async function collectUnseen(ctx: RunContext, seqMax: number, seen: BitSet): Promise<string[]> {
  const unseenIds: string[] = [];
  for (let afterSeq = 0; ; ) {
    const rows = await ctx.db.read.files.listSeqs(ctx.tenantId, ctx.connection.id, {
      afterSeq,
      seqMax,
      limit: SCAN_CHUNK,
    });
    for (const { seq, id } of rows) if (!seen.has(seq)) unseenIds.push(id);
    const last = rows.at(-1);
    if (last === undefined) return unseenIds;
    afterSeq = last.seq;
    await yieldToServer();
  }
}

async function noteMissing(ctx: RunContext, unseenIds: readonly string[]): Promise<void> {
  ctx.recorder.counters.files.missing += unseenIds.length;
  if (ctx.run.isDryRun) return;
  const nowMs = ctx.clock.nowMs();
  await inChunks(unseenIds, CHUNK, (ids) =>
    writeMirror(ctx, (tx) => tx.files.markMissing(ctx.tenantId, ids, missingMarkMs(ctx))),
  );
  await writeMirror(ctx, (tx) => tx.connections.update(ctx.tenantId, ctx.connection.id, { filesListedAtMs: nowMs }));
}
