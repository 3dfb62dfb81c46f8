import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isOffered,
  originalsOf,
  type SourceStates,
  type ToolUses,
  UNATTACHED_POLICIES,
  unknownSources,
} from './tool-uses.ts';

const state = fc.constantFrom('read', 'absent', 'unknown');
const states: fc.Arbitrary<SourceStates> = fc.record({ containers: state, assistants: state, threads: state });
const USE = { source: 'containers', holderId: 'cntr_1', holderName: null, lastUsedAtS: null } as const;

const usesWith = (of: SourceStates, ids: readonly string[]): ToolUses => ({
  states: of,
  usesOf: new Map(ids.map((id) => [id, [USE]])),
});

describe('isOffered', () => {
  it('returns false for a file that a tool uses, whatever the policy and whichever tools could be read', () => {
    fc.assert(
      fc.property(states, fc.constantFrom(...UNATTACHED_POLICIES), (of, policy) => {
        expect(isOffered('file-1', usesWith(of, ['file-1']), policy)).toBe(false);
      }),
    );
  });

  it('returns true by default exactly when every tool was read or does not exist', () => {
    fc.assert(
      fc.property(states, (of) => {
        const isCertain = Object.values(of).every((each) => each !== 'unknown');
        expect(unknownSources(of).length === 0).toBe(isCertain);
        const uses = usesWith(of, ['file-2']);
        expect(isOffered('file-1', uses, 'when_unused')).toBe(isCertain);
        expect(isOffered('file-1', uses, 'always')).toBe(true);
        expect(isOffered('file-1', uses, 'never')).toBe(false);
      }),
    );
  });
});

describe('the original of a file in a container', () => {
  const files = [
    { id: 'file-a', filename: 'figures.csv', bytes: 10 },
    { id: 'file-b', filename: 'figures.csv', bytes: 11 },
    { id: 'file-c', filename: 're\u0301sume\u0301.md', bytes: 5 },
    { id: 'file-d', filename: 'unknown-size.csv', bytes: null },
  ];
  const none = { id: null, fileId: null, path: null, bytes: null };

  it.each([
    ['is found by the id of the row', { ...none, id: 'file-a' }, ['file-a']],
    ['is found by the id that the row names', { ...none, id: 'cfile_1', fileId: 'file-b' }, ['file-b']],
    ['is found by an id in its path', { ...none, path: '/mnt/data/file-a-figures.csv', bytes: 99 }, ['file-a']],
    ['is found by name and size', { ...none, path: '/mnt/data/abc123-figures.csv', bytes: 11 }, ['file-b']],
    [
      'is found by a name in another Unicode form',
      { ...none, path: '/mnt/data/r\u00e9sum\u00e9.md', bytes: 5 },
      ['file-c'],
    ],
    ['is not found by a name alone', { ...none, path: '/mnt/data/figures.csv', bytes: 12 }, []],
    ['is not found without any match', none, []],
  ])('%s', (_, copy, expected) => {
    expect(originalsOf(copy, files)).toEqual(expected);
  });
});
