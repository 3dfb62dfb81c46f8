import type { Connection, FileRow, Source, SyncPlan, SyncProgress, SyncRun, SyncRunStatus } from '@espejo/contracts';
import type { Tone } from '@espejo/ui/blocks/tone-badge';
import { formatCount, plural } from '../format/count.ts';

export interface Label {
  readonly text: string;
  readonly tone: Tone;
}

export const SOURCE_LABELS: Readonly<Record<Source, string>> = { primary: 'Primary', cache: 'OpenAI mirror' };

const STORE_STATUS: Readonly<Record<string, Label>> = {
  completed: { text: 'Ready', tone: 'success' },
  in_progress: { text: 'Indexing', tone: 'info' },
  expired: { text: 'Expired', tone: 'neutral' },
  missing: { text: 'Missing upstream', tone: 'warning' },
  trashed: { text: 'In the trash', tone: 'warning' },
  failed_files: { text: 'Has failed files', tone: 'danger' },
};

/** The label of a store's status; an unknown status is returned as upstream sent it. */
export function storeStatusLabel(status: string): Label {
  return STORE_STATUS[status] ?? { text: status, tone: 'outline' };
}

/** The label of a store's status on screen: a store that is missing upstream says so, whatever its last status was. */
export function shownStoreStatus(store: { readonly status: string; readonly missingSince: number | null }): Label {
  return store.missingSince === null ? storeStatusLabel(store.status) : { text: 'Missing', tone: 'warning' };
}

const FILE_STATUS: Readonly<Record<string, Label>> = {
  completed: { text: 'Ready', tone: 'success' },
  processed: { text: 'Processed', tone: 'success' },
  in_progress: { text: 'Indexing', tone: 'info' },
  failed: { text: 'Failed', tone: 'danger' },
  cancelled: { text: 'Cancelled', tone: 'neutral' },
};

export function fileStatusLabel(status: string): Label {
  return FILE_STATUS[status] ?? { text: status, tone: 'outline' };
}

export const ORPHAN_LABELS: Readonly<Record<FileRow['orphan'], Label & { readonly detail: string }>> = {
  yes: {
    text: 'Orphan',
    tone: 'warning',
    detail:
      'This file is attached to no vector store, and its grace period is over. It uses storage and no search finds it.',
  },
  no: { text: 'In use', tone: 'neutral', detail: 'This file is attached to at least one vector store.' },
  too_fresh: {
    text: 'Too recent',
    tone: 'info',
    detail:
      'This file is attached to no vector store, but it is younger than the grace period: it may still be attached.',
  },
  unknown: {
    text: 'Unknown',
    tone: 'neutral',
    detail: 'A listing did not complete, so this file may be attached to a store that was not listed.',
  },
  not_applicable: {
    text: 'Not applicable',
    tone: 'neutral',
    detail: 'Files with this purpose are used without a vector store, so they are never orphans.',
  },
};

export const RUN_STATUS: Readonly<Record<SyncRunStatus, Label>> = {
  running: { text: 'Running', tone: 'info' },
  succeeded: { text: 'Succeeded', tone: 'success' },
  partial: { text: 'Partial', tone: 'warning' },
  failed: { text: 'Failed', tone: 'danger' },
  cancelled: { text: 'Cancelled', tone: 'neutral' },
  needs_review: { text: 'Needs review', tone: 'warning' },
};

const REVIEW_STATUS: Readonly<Record<NonNullable<SyncRun['review']>['state'], Label>> = {
  open: RUN_STATUS.needs_review,
  approved: { text: 'Approved', tone: 'success' },
  superseded: { text: 'Superseded', tone: 'neutral' },
};

/** How a run ended, and of one that stopped for a review what became of that. A dry run waits for no approval. */
export function runStatusLabel(run: Pick<SyncRun, 'status' | 'dryRun' | 'review'>): Label {
  if (run.dryRun && run.status === 'needs_review') return { text: 'Would need review', tone: 'warning' };
  return run.review === null ? RUN_STATUS[run.status] : REVIEW_STATUS[run.review.state];
}

export const TRIGGER_WORDS: Readonly<Record<SyncRun['trigger'], string>> = {
  schedule: 'On schedule',
  manual: 'Manual',
  startup: 'At start',
  approval: 'After approval',
  recovery: 'After a crash',
};

export const PHASE_WORDS: Readonly<Record<SyncProgress['phase'], string>> = {
  starting: 'Starting',
  listing_stores: 'Listing vector stores',
  listing_attachments: 'Listing the files of stores',
  listing_files: 'Listing the project’s files',
  confirming: 'Confirming deletions',
  removing: 'Removing deleted items',
  done: 'Done',
};

/** The kind of a run. */
export function runKind(run: Pick<SyncRun, 'dryRun' | 'full'>): string {
  if (run.dryRun) return run.full ? 'Full dry run' : 'Dry run';
  return run.full ? 'Full sync' : 'Sync';
}

export const HEALTH_LABELS: Readonly<Record<Connection['health']['status'], Label>> = {
  unknown: { text: 'Not checked yet', tone: 'neutral' },
  ok: { text: 'Healthy', tone: 'success' },
  unauthorized: { text: 'Key rejected', tone: 'danger' },
  forbidden: { text: 'Not allowed', tone: 'danger' },
  rate_limited: { text: 'Rate limited', tone: 'warning' },
  unavailable: { text: 'Unreachable', tone: 'warning' },
  malformed: { text: 'Invalid answers', tone: 'warning' },
  needs_review: { text: 'Needs review', tone: 'warning' },
};

/** "12 / 240", or only the count while the total is unknown. */
export function progressCount(progress: Pick<SyncProgress, 'done' | 'total'>): string {
  if (progress.total === null) return formatCount(progress.done);
  return `${formatCount(progress.done)} / ${formatCount(progress.total)}`;
}

export interface ChangeCounts {
  readonly added: number;
  readonly returned: number;
  readonly changed: number;
  readonly removed: number;
  readonly missing: number;
  readonly failed: number;
}

/** What a run changed over stores, attachments and files together. */
export function sumCounters(counters: SyncRun['counters']): ChangeCounts {
  const sum = { added: 0, returned: 0, changed: 0, removed: 0, missing: 0, failed: 0 };
  for (const kind of [counters.stores, counters.attachments, counters.files]) {
    sum.added += kind.added;
    sum.returned += kind.returned;
    sum.changed += kind.changed;
    sum.removed += kind.removed;
    sum.missing += kind.missing;
    sum.failed += kind.failed;
  }
  return sum;
}

type PlanCounts = { readonly [K in keyof typeof KIND_WORDS]: Pick<SyncPlan['stores'], 'removed' | 'missing'> };

/** What a plan's hash names, by kind: everything absent, whether it is due now or still within its grace period. */
export function namedRemovals(plan: PlanCounts): { stores: number; attachments: number; files: number } {
  const named = ({ removed, missing }: PlanCounts['stores']) => removed + missing;
  return { stores: named(plan.stores), attachments: named(plan.attachments), files: named(plan.files) };
}

/** What a run that the circuit breaker stopped would have removed: "24 vector stores". Null: it was not stopped. */
export function stoppedRemovals(run: Pick<SyncRun, 'status' | 'plan'>): string | null {
  return run.status === 'needs_review' && run.plan !== null ? listKinds(namedRemovals(run.plan)) : null;
}

const KIND_WORDS = {
  stores: ['vector store', 'vector stores'],
  attachments: ['attachment', 'attachments'],
  files: ['file', 'files'],
} as const;

/** "412 vector stores, 4,944 attachments"; "nothing" when all are zero. */
export function listKinds(counts: Readonly<Record<keyof typeof KIND_WORDS, number>>): string {
  const parts = (Object.keys(KIND_WORDS) as (keyof typeof KIND_WORDS)[])
    .filter((kind) => counts[kind] > 0)
    .map((kind) => plural(counts[kind], KIND_WORDS[kind][0], KIND_WORDS[kind][1]));
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}
