import type { Repositories } from '@espejo/db';

/**
 * Deletes the parts of an upload that has ended, and queues the removal of their bytes. Part of the transaction that
 * ends it.
 */
export async function dropParts(
  tx: Repositories,
  { tenantId, uploadId, nowMs }: { tenantId: string; uploadId: string; nowMs: number },
): Promise<void> {
  const names = new Set(await tx.uploads.removeParts(tenantId, uploadId));
  for (const sha256 of names) await tx.localTasks.add(tenantId, { kind: 'remove_blob', sha256 }, nowMs);
}
