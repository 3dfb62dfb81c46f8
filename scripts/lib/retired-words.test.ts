import { describe, expect, it } from 'vitest';
import { findRetiredWords, RETIRED_WORDS } from './retired-words.mjs';

const words = [
  { word: 'blot', use: 'redact' },
  { word: 'taken in', use: 'ingested' },
];

describe('findRetiredWords', () => {
  it('finds a retired word in any case, in the plural and across a line break', () => {
    expect(findRetiredWords('Blots are\nmade. A file is taken\nin.', words)).toEqual([
      { line: 1, word: 'blot', use: 'redact' },
      { line: 2, word: 'taken in', use: 'ingested' },
    ]);
  });

  it('finds no retired word inside another word', () => {
    expect(findRetiredWords('A blotter is mistaken in this.', words)).toEqual([]);
  });
});

it('lists every retired word once, in lower case', () => {
  const listed = RETIRED_WORDS.map(({ word }) => word);
  expect(listed).toEqual([...new Set(listed)].map((word) => word.toLowerCase()));
});
