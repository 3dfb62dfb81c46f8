import { describe, expect, it } from 'vitest';
import { printCleanUps, readCleanUps } from './clean-ups.ts';

const KINDS = new Set(['orphan_files', 'ghosts']);

describe('the clean-ups a tab began', () => {
  it('are read as they were printed', () => {
    const begun = [
      { kind: 'orphan_files', deletionId: 'del_1' },
      { kind: 'orphan_files', deletionId: 'del_2' },
    ] as const;
    expect(readCleanUps(printCleanUps(begun), KINDS)).toEqual(begun);
  });

  it('are none where nothing was remembered, or nothing that can be read', () => {
    for (const text of [
      null,
      '',
      '{',
      'null',
      '3',
      '{"kind":"ghosts"}',
      '[["ghosts"]]',
      '[["other","del_1"]]',
      '[7]',
    ]) {
      expect(readCleanUps(text, KINDS)).toEqual([]);
    }
  });
});
