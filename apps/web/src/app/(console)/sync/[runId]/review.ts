import type { SyncRun } from '@espejo/contracts';
import { namedRemovals } from '#lib/labels/common.ts';

/** More removals than this require typed confirmation. */
const CLICK_REMOVALS_MAX = 20;

export function needsTyping(plan: Parameters<typeof namedRemovals>[0]): boolean {
  const { stores, attachments, files } = namedRemovals(plan);
  return stores + attachments + files > CLICK_REMOVALS_MAX;
}

export type ReviewState = NonNullable<SyncRun['review']>['state'] | 'dry_run';

/** Whether a reviewed run still waits. `openRunIds`: what the API says waits now; null while not known. */
export function reviewState(
  run: Pick<SyncRun, 'id' | 'dryRun' | 'review'>,
  openRunIds: readonly string[] | null,
): ReviewState {
  if (run.dryRun || run.review === null) return 'dry_run';
  if (run.review.state !== 'open') return run.review.state;
  // The run was read once; what waits is asked for again and again.
  return openRunIds === null || openRunIds.includes(run.id) ? 'open' : 'superseded';
}
