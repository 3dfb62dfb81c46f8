import type { Deletion, DeletionPlan, DeletionStatus, DeletionStep, KeptReason } from '@espejo/contracts';
import { plural } from '../format/count.ts';
import type { Label } from './common.ts';

export const DELETION_STATUS: Readonly<Record<DeletionStatus, Label>> = {
  waiting: { text: 'Waiting', tone: 'info' },
  running: { text: 'Running', tone: 'info' },
  succeeded: { text: 'Done', tone: 'success' },
  parked: { text: 'Needs attention', tone: 'warning' },
  cancelled: { text: 'Cancelled', tone: 'neutral' },
};

export const STEP_STATE: Readonly<Record<DeletionStep['state'], Label>> = {
  pending: { text: 'Pending', tone: 'neutral' },
  done: { text: 'Done', tone: 'success' },
  parked: { text: 'Parked', tone: 'warning' },
  cancelled: { text: 'Cancelled', tone: 'neutral' },
};

export const STEP_WORDS: Readonly<Record<DeletionStep['kind'], string>> = {
  detach: 'Detach file',
  delete_file: 'Delete file',
  delete_store: 'Delete store',
};

export const KEPT_WORDS: Readonly<Record<KeptReason, string>> = {
  shared: 'Shared',
  other_tenant: 'Used by another tenant',
  too_fresh: 'Too recent',
  user_data: 'Usable without a store',
  used_by_tool: 'Used by another tool',
  keep_requested: 'Kept as requested',
  not_found: 'Not found',
};

export const DELETION_TRIGGERS: Readonly<Record<Deletion['trigger'], string>> = {
  person: 'Manual',
  expiry: 'Expired',
  trash: 'Trash emptied',
  api: 'Through the API',
};

const USD = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

/** "$12.40 per month". */
export function perMonth(usd: number): string {
  return `${USD.format(usd)} per month`;
}

/** "3 vector stores, 120 files"; "nothing" when there is nothing left to delete. */
export function planScope(
  counts: Pick<DeletionPlan['counts'], 'stores' | 'filesToDelete' | 'attachmentsToDetach'>,
): string {
  const parts = [
    counts.stores > 0 ? plural(counts.stores, 'vector store') : '',
    counts.filesToDelete > 0 ? plural(counts.filesToDelete, 'file') : '',
  ].filter((part) => part !== '');
  if (parts.length > 0) return parts.join(' and ');
  return counts.attachmentsToDetach > 0 ? plural(counts.attachmentsToDetach, 'attachment') : 'nothing';
}
