import { describe, expect, it } from 'vitest';
import { printCleanUps, readCleanUps } from './clean-ups.ts';

const KINDS = new Set(['orphan_files', 'ghosts']);

describe('stored clean-ups', () => {
  it('are parsed to what was stored', () => {
    const begun = [
      { kind: 'orphan_files', deletionId: 'del_1' },
      { kind: 'orphan_files', deletionId: 'del_2' },
    ] as const;
    expect(readCleanUps(printCleanUps(begun), KINDS)).toEqual(begun);
  });

  it('are empty if nothing is stored or the entry cannot be parsed', () => {
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
