import type { Database } from '@espejo/db';
import { type Clock, certainNowMs } from '../../ports.ts';

/** How long entries are kept: a year and a month, so that a yearly review finds the whole year. */
const RETENTION_MS = 396 * 86_400_000;
const PRUNED_AT_ONCE = 5_000;

/** Deletes entries past their retention in small batches, so that other writes are not delayed. */
export async function pruneAudit(
  deps: { readonly db: Database; readonly clock: Clock },
  tenantId: string,
): Promise<void> {
  const beforeMs = certainNowMs(deps.clock) - RETENTION_MS;
  for (let removed = PRUNED_AT_ONCE; removed === PRUNED_AT_ONCE; ) {
    removed = await deps.db.transaction((tx) => tx.audit.removeBefore(tenantId, beforeMs, PRUNED_AT_ONCE));
  }
}
