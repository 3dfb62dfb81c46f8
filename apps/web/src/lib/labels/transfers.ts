import type { Transfer, TransferItem } from '@espejo/contracts';
import { formatCount } from '../format/count.ts';
import type { Label } from './common.ts';

export const TRANSFER_KIND: Readonly<Record<Transfer['kind'], string>> = { adopt: 'Adopted', publish: 'Published' };

export const TRANSFER_STATUS: Readonly<Record<Transfer['status'], Label>> = {
  running: { text: 'Running', tone: 'info' },
  parked: { text: 'Needs attention', tone: 'warning' },
  succeeded: { text: 'Done', tone: 'success' },
  cancelled: { text: 'Cancelled', tone: 'neutral' },
};

export const TRANSFER_PHASE: Readonly<Record<Transfer['phase'], string>> = {
  listing: 'Listing the files',
  copying: 'Copying the files',
  indexing: 'Waiting for the index',
  finishing: 'Finishing',
  done: 'Done',
};

export const ITEM_STATE: Readonly<Record<TransferItem['state'], Label>> = {
  waiting: { text: 'Waiting', tone: 'neutral' },
  copying: { text: 'Copying', tone: 'info' },
  copied: { text: 'Indexing', tone: 'info' },
  done: { text: 'Done', tone: 'success' },
  failed: { text: 'Failed', tone: 'danger' },
  skipped: { text: 'Skipped', tone: 'neutral' },
};

/** "12 of 40 files written". */
export function writtenText({ counts }: Pick<Transfer, 'counts'>): string {
  return `${formatCount(counts.written)} of ${formatCount(counts.expected)} files written`;
}
