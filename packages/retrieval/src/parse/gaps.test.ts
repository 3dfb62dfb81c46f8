import { describe, expect, it } from 'vitest';
import { createGaps, pageNumbers, quoted } from './gaps.ts';

describe('gaps', () => {
  it('lists each sentence once, in the order noted', () => {
    const gaps = createGaps();
    for (const sentence of ['B.', 'A.', 'B.']) gaps.note(sentence);
    expect(gaps.list()).toEqual(['B.', 'A.']);
  });

  it('counts what is beyond fifty', () => {
    const gaps = createGaps();
    for (let at = 0; at < 60; at += 1) gaps.note(`Part ${at}.`);
    expect(gaps.list()).toHaveLength(51);
    expect(gaps.list().at(-1)).toBe('10 more parts could not be read.');
  });

  it('writes a name on one short line', () => {
    expect(quoted('a\n\u0000b')).toBe("'a b'");
    expect(quoted('x'.repeat(500))).toHaveLength(122);
  });

  it.each([
    [[3], '3'],
    [[3, 5], '3 and 5'],
    [[3, 4, 5, 6, 7, 9, 12], '3–7, 9 and 12'],
  ])('writes the pages %j as %s', (pages, words) => {
    expect(pageNumbers(pages)).toBe(words);
  });
});
