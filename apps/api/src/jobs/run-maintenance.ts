import { utcDayOf } from '@espejo/core';
import { certainNowMs } from '../ports.ts';
import { pruneAudit } from '../services/audit/prune-audit.ts';
import type { ContentContext } from '../services/context/app-context.ts';
import type { IngestionCache } from '../services/ingestion/ingestion-cache.ts';
import { type SweepOutcome, sweepBlobs } from '../services/ingestion/sweep-blobs.ts';
import type { TenantIds } from '../services/tenant-ids.ts';
import { expireUploads } from '../services/uploads/expire-uploads.ts';

/** The cache of chunks with their vectors, so that equal content is embedded once. */
const DERIVED_BYTES_MAX = 4 * 2 ** 30;
/** A client that pages through a list has finished by then. */
const VANISHED_ROWS_S = 86_400;
/** How long the counters of a day are kept. */
const USAGE_DAYS = 400;

/**
 * Periodic maintenance: expired uploads, unreferenced content, failed clean-ups, and audit entries past their
 * retention.
 */
export async function runMaintenance(
  deps: ContentContext & { readonly derived: IngestionCache; readonly uptimeMs: () => number },
  { tenantIds, signal }: { readonly tenantIds: TenantIds; readonly signal: AbortSignal },
): Promise<SweepOutcome> {
  const today = utcDayOf(certainNowMs(deps.clock));
  let uploads = 0;
  await deps.db.transaction((tx) => tx.vanishedRows.prune(VANISHED_ROWS_S));
  for (const tenantId of await tenantIds()) {
    await deps.localWork.perform(tenantId);
    await pruneAudit(deps, tenantId);
    await deps.db.transaction((tx) => tx.usageCounters.removeBefore(tenantId, today - USAGE_DAYS));
    uploads += await expireUploads(deps, { tenantId });
  }
  const sweep = await sweepBlobs(deps, signal);
  if (!signal.aborted) await deps.derived.trim(DERIVED_BYTES_MAX);
  const { setAside, takenBack, forgotten } = sweep;
  if (uploads + setAside + takenBack + forgotten > 0)
    deps.log.info(
      { uploads, setAside, takenBack, forgotten },
      'expired uploads were ended, and stored content was checked',
    );
  if (sweep.question !== null) deps.log.warn({}, sweep.question);
  return sweep;
}
