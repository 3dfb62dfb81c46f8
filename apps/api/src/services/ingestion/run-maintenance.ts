import { utcDayOf } from '@espejo/core';
import { pruneAudit } from '../audit/prune-audit.ts';
import type { TenantIds } from '../tenant-ids.ts';
import { expireUploads } from '../uploads/expire-uploads.ts';
import type { ContentDeps } from './content-deps.ts';
import type { DerivedCache } from './derived-cache.ts';
import { sweepBlobs } from './sweep-blobs.ts';

/** What is kept of chunks with their vectors, so that equal content is embedded once. */
const DERIVED_BYTES_MAX = 4 * 2 ** 30;
/** What was used up on a day is remembered for this long. */
const USAGE_DAYS = 400;

/**
 * What time brings: uploads that are over, content nobody has, clean-ups that did not succeed before, and entries of the
 * audit past their retention.
 */
export async function runMaintenance(
  deps: ContentDeps & { readonly derived: DerivedCache },
  { tenantIds, signal }: { readonly tenantIds: TenantIds; readonly signal: AbortSignal },
): Promise<void> {
  const today = utcDayOf(deps.clock.nowMs());
  let uploads = 0;
  for (const tenantId of await tenantIds()) {
    await deps.localWork.perform(tenantId);
    await pruneAudit(deps, tenantId);
    await deps.db.transaction((tx) => tx.usageCounters.removeBefore(tenantId, today - USAGE_DAYS));
    uploads += await expireUploads(deps, { tenantId });
  }
  const blobs = await sweepBlobs(deps, signal);
  if (!signal.aborted) await deps.derived.trim(DERIVED_BYTES_MAX);
  if (uploads + blobs > 0)
    deps.log.info({ uploads, blobs }, 'uploads that were over and content nobody has are removed');
}
