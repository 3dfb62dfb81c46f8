import { expect, it } from 'vitest';
import { CHANGE_WORDS, summariseChange } from './changes.ts';

const nothing = { fields: [], filesAdded: 0, filesChanged: 0, filesRemoved: 0, filesMissing: 0, message: null };

it('summarises a change in one line', () => {
  expect(
    summariseChange({
      ...nothing,
      fields: [
        { field: 'name', before: 'a', after: 'b' },
        { field: 'expires_after', before: null, after: {} },
      ],
      filesAdded: 3,
      filesRemoved: 1,
    }),
  ).toBe('name, expiry policy; 3 files added, 1 file removed');
  expect(summariseChange({ ...nothing, message: 'OpenAI answered 500.' })).toBe('OpenAI answered 500.');
  expect(summariseChange(nothing)).toBe('');
});

it('has a diff symbol for every action', () => {
  expect(Object.values(CHANGE_WORDS).map((word) => word.symbol)).toEqual(['+', '+', '*', '−', '−', '!']);
});
