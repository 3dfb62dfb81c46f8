import type { Connection, FileRow, Source, SyncProgress, SyncRun, SyncRunStatus } from '@espejo/contracts';
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

/** A store's status in words; one this version does not know is shown as upstream wrote it. */
export function storeStatusLabel(status: string): Label {
  return STORE_STATUS[status] ?? { text: status, tone: 'outline' };
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
    detail: 'No vector store holds this file, and it is past the grace period. It costs storage and answers nothing.',
  },
  no: { text: 'In use', tone: 'neutral', detail: 'At least one vector store holds this file.' },
  too_fresh: {
    text: 'Too fresh to tell',
    tone: 'info',
    detail: 'No vector store holds this file yet, but it is younger than the grace period: it may still be attached.',
  },
  unknown: {
    text: 'Not known',
    tone: 'neutral',
    detail: 'Some listing did not end cleanly, so a store not seen there may hold this file.',
  },
  not_applicable: {
    text: 'Not judged',
    tone: 'neutral',
    detail: 'Files of this purpose are used without a vector store, so being in none says nothing.',
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

/** How a run ended. A dry run waits for nobody. */
export function runStatusLabel(run: Pick<SyncRun, 'status' | 'dryRun'>): Label {
  if (run.dryRun && run.status === 'needs_review') return { text: 'Would need review', tone: 'warning' };
  return RUN_STATUS[run.status];
}

export const TRIGGER_WORDS: Readonly<Record<SyncRun['trigger'], string>> = {
  schedule: 'On schedule',
  manual: 'By hand',
  startup: 'At start',
  approval: 'After approval',
  recovery: 'After a crash',
};

export const PHASE_WORDS: Readonly<Record<SyncProgress['phase'], string>> = {
  starting: 'Starting',
  listing_stores: 'Listing vector stores',
  listing_attachments: 'Listing the files of stores',
  listing_files: 'Listing the project’s files',
  confirming: 'Confirming what is gone',
  removing: 'Removing what is gone',
  done: 'Done',
};

/** What kind of pass a run is. */
export function runKind(run: Pick<SyncRun, 'dryRun' | 'full'>): string {
  if (run.dryRun) return run.full ? 'Full dry run' : 'Dry run';
  return run.full ? 'Full sync' : 'Sync';
}

export const HEALTH_LABELS: Readonly<Record<Connection['health']['status'], Label>> = {
  unknown: { text: 'Not checked yet', tone: 'neutral' },
  ok: { text: 'Healthy', tone: 'success' },
  unauthorized: { text: 'Key refused', tone: 'danger' },
  forbidden: { text: 'Not allowed', tone: 'danger' },
  rate_limited: { text: 'Rate limited', tone: 'warning' },
  unavailable: { text: 'Unreachable', tone: 'warning' },
  malformed: { text: 'Unreadable answers', tone: 'warning' },
  needs_review: { text: 'Needs review', tone: 'warning' },
};

/** "12 / 240", or a bare count while the end is not known. */
export function progressCount(progress: Pick<SyncProgress, 'done' | 'total'>): string {
  if (progress.total === null) return formatCount(progress.done);
  return `${formatCount(progress.done)} / ${formatCount(progress.total)}`;
}

export interface ChangeCounts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly missing: number;
  readonly failed: number;
}

/** What a run changed over stores, attachments and files together; returned counts as added. */
export function sumCounters(counters: SyncRun['counters']): ChangeCounts {
  const sum = { added: 0, changed: 0, removed: 0, missing: 0, failed: 0 };
  for (const kind of [counters.stores, counters.attachments, counters.files]) {
    sum.added += kind.added + kind.returned;
    sum.changed += kind.changed;
    sum.removed += kind.removed;
    sum.missing += kind.missing;
    sum.failed += kind.failed;
  }
  return sum;
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
