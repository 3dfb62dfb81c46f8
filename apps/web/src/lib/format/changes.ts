import type { StoreHistoryEntry } from '@espejo/contracts';
import type { Tone } from '@espejo/ui/blocks/tone-badge';
import { plural } from './count.ts';
import { fieldLabel } from './field-value.ts';

export interface ChangeWord {
  /** Diff symbols: + added, − missing or removed, * changed, ! failed. */
  readonly symbol: '+' | '−' | '*' | '!';
  readonly text: string;
  readonly tone: Tone;
  readonly detail: string;
}

export const CHANGE_WORDS: Readonly<Record<StoreHistoryEntry['action'], ChangeWord>> = {
  added: { symbol: '+', text: 'Added', tone: 'success', detail: 'New upstream, mirrored in this run' },
  returned: { symbol: '+', text: 'Returned', tone: 'success', detail: 'Was missing and is listed again' },
  changed: { symbol: '*', text: 'Changed', tone: 'info', detail: 'Differs from the mirrored version' },
  missing: {
    symbol: '−',
    text: 'Missing',
    tone: 'warning',
    detail: 'Absent from a complete listing; kept until its deletion is confirmed',
  },
  removed: { symbol: '−', text: 'Removed', tone: 'danger', detail: 'Confirmed as deleted upstream, removed here' },
  failed: { symbol: '!', text: 'Failed', tone: 'danger', detail: 'Could not be listed or confirmed in this run' },
};

type Facts = Pick<
  StoreHistoryEntry,
  'fields' | 'filesAdded' | 'filesChanged' | 'filesRemoved' | 'filesMissing' | 'message'
>;

/** The differences in one line: "name, expiry policy; 3 files added". Empty when the action needs no detail. */
export function summariseChange(entry: Facts): string {
  const fields = entry.fields.map(({ field }) => fieldLabel(field).toLowerCase()).join(', ');
  const files = [
    entry.filesAdded > 0 && `${plural(entry.filesAdded, 'file')} added`,
    entry.filesChanged > 0 && `${plural(entry.filesChanged, 'file')} changed`,
    entry.filesMissing > 0 && `${plural(entry.filesMissing, 'file')} missing`,
    entry.filesRemoved > 0 && `${plural(entry.filesRemoved, 'file')} removed`,
  ].filter(Boolean);
  return [entry.message, fields, files.join(', ')].filter(Boolean).join('; ');
}
