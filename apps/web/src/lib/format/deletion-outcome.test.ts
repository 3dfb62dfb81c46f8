import { describe, expect, it } from 'vitest';
import { describeStop, type OutcomeFacts } from './deletion-outcome.ts';

const counts = { stores: 1, filesToDelete: 80, filesKept: 38, attachmentsToDetach: 118, notFound: 0 };
const steps = { total: 199, done: 80, pending: 0, parked: 0, cancelled: 119 };

function facts(over: Partial<OutcomeFacts>): OutcomeFacts {
  return {
    counts,
    steps,
    done: { stores: 0, filesDeleted: 40, attachmentsDetached: 40, usageBytes: 0 },
    storesLeft: [{ id: 'vs_1', name: 'Docs', fileCount: 78 }],
    ...over,
  };
}

describe('describeStop', () => {
  it('names the files that are gone and the files the store still has', () => {
    expect(describeStop(facts({}))).toBe(
      'Stopped after 40 of 80 files. The store still exists with 78 files; 40 files are gone for good.',
    );
  });

  it('tells files that were only detached from files that were deleted', () => {
    const done = { stores: 0, filesDeleted: 40, attachmentsDetached: 41, usageBytes: 0 };
    expect(describeStop(facts({ done }))).toContain('1 other file was detached from it and still exists.');
  });

  it('says that nothing was deleted when no step was done', () => {
    const done = { stores: 0, filesDeleted: 0, attachmentsDetached: 0, usageBytes: 0 };
    const untouched = facts({
      done,
      steps: { ...steps, done: 0 },
      storesLeft: [{ id: 'vs_1', name: null, fileCount: 1 }],
    });
    expect(describeStop(untouched)).toBe('Stopped before anything was deleted. The store still exists with 1 file.');
  });

  it('counts the stores of a plan with several', () => {
    const many = facts({
      counts: { ...counts, stores: 5 },
      done: { stores: 2, filesDeleted: 40, attachmentsDetached: 60, usageBytes: 9 },
    });
    expect(describeStop(many)).toBe(
      'Stopped after 2 of 5 stores and 40 of 80 files. 3 stores still exist; 40 files are gone for good.',
    );
  });

  it('says what became of orphans, which have no store', () => {
    const orphans = facts({
      counts: { stores: 0, filesToDelete: 34, filesKept: 0, attachmentsToDetach: 0, notFound: 0 },
      done: { stores: 0, filesDeleted: 12, attachmentsDetached: 0, usageBytes: 0 },
      storesLeft: [],
    });
    expect(describeStop(orphans)).toBe('Stopped after 12 of 34 files. 12 files are gone for good.');
  });
});
