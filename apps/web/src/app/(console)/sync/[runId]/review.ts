import type { SyncPlan } from '@espejo/contracts';

/** More removals than this are confirmed by typing, not by a click. */
const CLICK_REMOVALS_MAX = 20;

type Counts = Pick<SyncPlan['stores'], 'removed' | 'missing'>;
type Facts = { readonly [K in 'stores' | 'attachments' | 'files']: Counts };

/** What a plan's hash names, by kind: everything absent, whether it is due now or still within its grace period. */
export function namedRemovals(plan: Facts): { stores: number; attachments: number; files: number } {
  const named = ({ removed, missing }: Counts) => removed + missing;
  return { stores: named(plan.stores), attachments: named(plan.attachments), files: named(plan.files) };
}

export function needsTyping(plan: Facts): boolean {
  const { stores, attachments, files } = namedRemovals(plan);
  return stores + attachments + files > CLICK_REMOVALS_MAX;
}

export type ReviewState = 'open' | 'approved' | 'superseded';

/** Whether a reviewed run still waits. `openRunIds`: what the API says waits; null while not known. */
export function reviewState(
  run: { readonly id: string; readonly approvedAt: number | null },
  openRunIds: readonly string[] | null,
): ReviewState {
  if (run.approvedAt !== null) return 'approved';
  return openRunIds === null || openRunIds.includes(run.id) ? 'open' : 'superseded';
}
