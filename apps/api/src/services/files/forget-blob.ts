import type { ContentContext } from '../context/app-context.ts';
/**
 * Removes content that was written and then rejected, unless a file or part has the same. Writes nothing to the
 * database, so that it works on a full disk too; what cannot be removed now is found by the sweep.
 */
export async function forgetBlob(
  deps: Pick<ContentContext, 'db' | 'log' | 'blobs' | 'blobGate'>,
  sha256: string,
): Promise<void> {
  try {
    await deps.blobGate.run(sha256, async () => {
      if (!(await deps.db.read.primaryFiles.isContentUsed(sha256))) await deps.blobs.remove(sha256);
    });
  } catch (cause) {
    deps.log.warn({ err: cause, sha256 }, 'unreferenced content could not be removed yet');
  }
}
