import { toSeconds } from '@espejo/core';
import type { ConnectionRow, Database } from '@espejo/db';

/**
 * Connections whose listings are all complete: the files and, for each store, its attachments. Only there does "in no
 * store" have a meaning.
 */
export async function completeConnections(
  deps: { readonly db: Database },
  tenantId: string,
  connections: readonly ConnectionRow[],
): Promise<ReadonlySet<string>> {
  const complete = new Set<string>();
  for (const row of connections) {
    if (row.filesListedAtMs === null || row.storesListedAtMs === null) continue;
    if (!(await deps.db.read.mirrorStores.hasUnlisted(tenantId, row.id))) complete.add(row.id);
  }
  return complete;
}

/**
 * A file in no store is an orphan when it was created before this, in unix seconds: a file younger than the grace
 * period may be about to be attached, and one younger than the last complete listing of the stores may be in a store
 * that was never listed.
 */
export function orphanCutoffS(
  input: { readonly nowMs: number; readonly graceS: number },
  connections: readonly ConnectionRow[],
): number {
  const seenMs = connections.map((row) => row.storesListedAtMs ?? input.nowMs);
  return toSeconds(Math.min(input.nowMs, ...seenMs)) - input.graceS;
}
