import { UNKNOWN } from '@espejo/terraform-plugin';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeOf, plannedIds } from './directory-plan.ts';

const folder = fc.dictionary(fc.stringMatching(/^[a-c]$/), fc.constantFrom('1', '2'));

describe('the plan of a directory', () => {
  it('lists each path once and makes the store equal to the folder', () => {
    fc.assert(
      fc.property(folder, folder, (present, wanted) => {
        const { added, changed, removed } = changeOf(present, wanted);
        const result: Record<string, string> = { ...present };
        for (const path of removed) delete result[path];
        for (const path of [...added, ...changed]) result[path] = wanted[path] ?? '';
        expect(result).toEqual(wanted);
        expect(new Set([...added, ...changed, ...removed]).size).toBe(added.length + changed.length + removed.length);
      }),
    );
  });
  it('is empty for the same content', () => {
    expect(changeOf({ a: '1' }, { a: '1' })).toEqual({ added: [], changed: [], removed: [] });
  });
  it('keeps the ids of files that stay and leaves other ids unknown', () => {
    const [present, wanted] = [
      { a: '1', b: '1', c: '1' },
      { a: '1', b: '2', d: '1' },
    ];
    expect(plannedIds({ a: 'file-a', b: 'file-b', c: 'file-c' }, wanted, changeOf(present, wanted))).toEqual({
      a: 'file-a',
      b: UNKNOWN,
      d: UNKNOWN,
    });
  });
});
