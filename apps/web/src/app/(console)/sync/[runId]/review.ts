import type { SyncPlan } from '@espejo/contracts';

/** More removals than this require typed confirmation. */
const CLICK_REMOVALS_MAX = 20;

type Counts = Pick<SyncPlan['stores'], 'removed' | 'missing'>;
type Facts = { readonly [K in 'stores' | 'attachments' | 'files']: Counts };

/** The absent items that a plan's hash covers, by kind, whether due now or still within the grace period. */
export function namedRemovals(plan: Facts): { stores: number; attachments: number; files: number } {
  const named = ({ removed, missing }: Counts) => removed + missing;
  return { stores: named(plan.stores), attachments: named(plan.attachments), files: named(plan.files) };
}

export function needsTyping(plan: Facts): boolean {
  const { stores, attachments, files } = namedRemovals(plan);
  return stores + attachments + files > CLICK_REMOVALS_MAX;
}

export type ReviewState = 'open' | 'approved' | 'superseded' | 'dry_run';

/** Whether a run still waits for review. `openRunIds`: the waiting runs according to the API; null while loading. */
export function reviewState(
  run: { readonly id: string; readonly dryRun: boolean; readonly approvedAt: number | null },
  openRunIds: readonly string[] | null,
): ReviewState {
  if (run.dryRun) return 'dry_run';
  if (run.approvedAt !== null) return 'approved';
  return openRunIds === null || openRunIds.includes(run.id) ? 'open' : 'superseded';
}
