import { toSeconds } from '@espejo/core';
import type { Repositories, SyncRunRow } from '@espejo/db';
import type { SyncRun } from '../../context/views.ts';

/** The action of an approval in the audit. */
export const APPROVED = 'sync_run.approved';

/** What became of the plan of a run that waits, or waited, for a person; null for every other run. */
export async function presentReview(
  read: Pick<Repositories, 'audit' | 'syncRuns'>,
  run: SyncRunRow,
): Promise<SyncRun['review']> {
  if (run.status !== 'needs_review' || run.isDryRun) return null;
  if (run.approvedAtMs !== null) {
    const by = await read.audit.findActor(run.tenantId, APPROVED, run.id);
    return { state: 'approved', by: by ?? null, at: toSeconds(run.approvedAtMs) };
  }
  const latest = await read.syncRuns.findLatestReal(run.tenantId, run.connectionId);
  if (latest === undefined || latest.id === run.id) return { state: 'open', by: null, at: null };
  return { state: 'superseded', by: null, at: toSeconds(latest.startedAtMs) };
}
