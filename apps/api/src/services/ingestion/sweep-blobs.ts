import type { ContentDeps } from './content-deps.ts';

/** Content younger than this may be on its way onto the record. */
const GRACE_MS = 24 * 3_600_000;

/** Removes content that no file and no part of an upload has: what a process that was killed left behind. */
export async function sweepBlobs(
  deps: Pick<ContentDeps, 'db' | 'clock' | 'blobs' | 'blobGate'>,
  signal: AbortSignal,
): Promise<number> {
  let removed = 0;
  const beforeMs = deps.clock.nowMs() - GRACE_MS;
  for await (const { sha256, modifiedAtMs } of deps.blobs.list()) {
    if (signal.aborted) break;
    if (modifiedAtMs >= beforeMs || (await deps.db.read.ownFiles.isContentUsed(sha256))) continue;
    await deps.blobGate.run(sha256, async () => {
      if (await deps.db.read.ownFiles.isContentUsed(sha256)) return;
      await deps.blobs.remove(sha256);
      removed += 1;
    });
  }
  return removed;
}
