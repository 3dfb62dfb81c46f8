import type { StoreHistoryEntry } from '@espejo/contracts';
import type { Tone } from '@espejo/ui/blocks/tone-badge';
import { plural } from './count.ts';
import { fieldLabel } from './field-value.ts';

export interface ChangeWord {
  /** As in a diff: + new, − gone or going, * different, ! went wrong. */
  readonly symbol: '+' | '−' | '*' | '!';
  readonly text: string;
  readonly tone: Tone;
  readonly detail: string;
}

export const CHANGE_WORDS: Readonly<Record<StoreHistoryEntry['action'], ChangeWord>> = {
  added: { symbol: '+', text: 'Added', tone: 'success', detail: 'New upstream, now mirrored' },
  returned: { symbol: '+', text: 'Returned', tone: 'success', detail: 'Was missing, is listed again' },
  changed: { symbol: '*', text: 'Changed', tone: 'info', detail: 'Differs from what the mirror held' },
  missing: {
    symbol: '−',
    text: 'Missing',
    tone: 'warning',
    detail: 'Absent from a complete listing; kept until proven gone',
  },
  removed: { symbol: '−', text: 'Removed', tone: 'danger', detail: 'Proven gone upstream, removed here' },
  failed: { symbol: '!', text: 'Failed', tone: 'danger', detail: 'Could not be listed or confirmed in this run' },
};

type Facts = Pick<
  StoreHistoryEntry,
  'fields' | 'filesAdded' | 'filesChanged' | 'filesRemoved' | 'filesMissing' | 'message'
>;

/** What differed, in one line: "name, expiry policy; 3 files added". Empty when the action says it all. */
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
