import { expect, it } from 'vitest';
import {
  fileStatusLabel,
  listKinds,
  namedRemovals,
  progressCount,
  runKind,
  runStatusLabel,
  shownStoreStatus,
  storeStatusLabel,
  sumCounters,
} from './common.ts';

it('returns an unknown status unchanged', () => {
  expect(storeStatusLabel('archiving')).toEqual({ text: 'archiving', tone: 'outline' });
  expect(fileStatusLabel('quarantined').text).toBe('quarantined');
  expect(storeStatusLabel('completed').text).toBe('Ready');
});

it('labels a store that is missing upstream as missing, whatever its last status was', () => {
  expect(shownStoreStatus({ status: 'completed', missingSince: 1 })).toEqual({ text: 'Missing', tone: 'warning' });
  expect(shownStoreStatus({ status: 'completed', missingSince: null }).text).toBe('Ready');
});

it('labels the kind of a run', () => {
  expect(runKind({ dryRun: false, full: false })).toBe('Sync');
  expect(runKind({ dryRun: true, full: true })).toBe('Full dry run');
});

it('formats progress with and without a known total', () => {
  expect(progressCount({ done: 1200, total: null })).toBe('1,200');
  expect(progressCount({ done: 12, total: 2400 })).toBe('12 / 2,400');
});

it('sums the changes of a run over all kinds', () => {
  const zero = { seen: 9, added: 0, changed: 0, returned: 0, missing: 0, removed: 0, failed: 0 };
  expect(
    sumCounters({
      stores: { ...zero, added: 1, returned: 2 },
      attachments: { ...zero, changed: 3, failed: 1 },
      files: { ...zero, removed: 4, missing: 5 },
    }),
  ).toEqual({ added: 1, returned: 2, changed: 3, removed: 4, missing: 5, failed: 1 });
});

it('lists the counts of a plan by kind', () => {
  expect(listKinds({ stores: 412, attachments: 1, files: 0 })).toBe('412 vector stores, 1 attachment');
  expect(listKinds({ stores: 0, attachments: 0, files: 0 })).toBe('nothing');
});

it('does not let a dry run wait for anybody', () => {
  const open = { state: 'open', by: null, at: null } as const;
  expect(runStatusLabel({ status: 'needs_review', dryRun: false, review: open }).text).toBe('Needs review');
  expect(runStatusLabel({ status: 'needs_review', dryRun: true, review: null }).text).toBe('Would need review');
});

it('labels a stopped run by what became of its review', () => {
  const stopped = (state: 'approved' | 'superseded') =>
    runStatusLabel({ status: 'needs_review', dryRun: false, review: { state, by: null, at: 7 } }).text;
  expect([stopped('approved'), stopped('superseded')]).toEqual(['Approved', 'Superseded']);
  expect(runStatusLabel({ status: 'succeeded', dryRun: false, review: null }).text).toBe('Succeeded');
});

const plan = (stores: number, attachments: number, files: number) => ({
  stores: { removed: stores, missing: 0 },
  attachments: { removed: 0, missing: attachments },
  files: { removed: files, missing: 0 },
});

it('counts what is due together with what is absent but not due yet: the hash names both', () => {
  expect(namedRemovals({ ...plan(1, 2, 3), stores: { removed: 1, missing: 4 } })).toEqual({
    stores: 5,
    attachments: 2,
    files: 3,
  });
});
