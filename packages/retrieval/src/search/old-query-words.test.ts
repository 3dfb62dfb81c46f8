import { describe, expect, it } from 'vitest';
import { oldQueryWords } from './old-query-words.ts';

describe('oldQueryWords', () => {
  it.each([
    ['', []],
    ['Hello, hello WORLD!', ['hello', 'world']],
    ['a"b NEAR(c) d* -e f:g', ['a', 'b', 'near', 'c', 'd', 'e', 'f', 'g']],
    ['größe naïve зима 東京 42', ['größe', 'naïve', 'зима', '東京', '42']],
    ['\u0000"; DROP TABLE x; --', ['drop', 'table', 'x']],
  ])('returns for %j: %j', (query, words) => {
    expect(oldQueryWords(query)).toEqual(words);
  });

  it('returns the first words of a long text, of limited length', () => {
    const words = oldQueryWords(Array.from({ length: 1000 }, (_, n) => `w${n}`).join(' '));
    expect(words).toHaveLength(64);
    expect(words[63]).toBe('w63');
    expect(oldQueryWords('x'.repeat(100_000))).toEqual(['x'.repeat(128)]);
  });
});
