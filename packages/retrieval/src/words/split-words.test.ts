import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../testing/any-text.ts';
import { queryWords } from './split-words.ts';
import { indexedWords } from './word-stream.ts';

const wordsOf = (text: string) => indexedWords(text).text;
const askedOf = (text: string) =>
  queryWords(text)
    .map(({ word }) => word)
    .join(' ');

describe('the words of a text', () => {
  it.each([
    ['Hello, HELLO world!', 'hello hello world'],
    ['', ''],
    [' \n!?… —', ''],
    ['E-1234', 'e1234 e 1234'],
    ['AB_12', 'ab12 ab 12'],
    ['RE2024', 're2024 re 2024'],
    ['getUserName', 'getusername get user name'],
    ['RE-2024/0815_b', 're20240815b re 2024 0815 b'],
    ['1,000', '1000 1 000'],
    ['one,two', 'one two'],
    ["l'été", 'lete l ete'],
    ['a/b/c/d/e/f/g', 'a b c d e f g'],
    ['C++ and C#', 'cplusplus and csharp'],
    ['東京', '東 東京 京'],
    ['ながい', 'なが がい'],
    ['iPhone用', 'iphone i phone 用'],
    ['끝말잇기', '끝말 말잇 잇기'],
    ['ยาดี', 'ยา ยาด าด าดี ดี'],
    ['dash\u200bboard', 'dashboard dash board'],
    ['می‌خواهم', 'ميخواهم مي خواهم'],
    ['🚀 go', '🚀 go'],
  ])('are for the text %j: %j', (text, words) => {
    expect(wordsOf(text)).toBe(words);
  });

  it.each([
    ['E-1234', 'e1234'],
    ["l'été", 'l ete'],
    ['東京', '東京'],
    ['京', '京'],
    ['ยาดี', 'ยาด าดี'],
    ['ยา', 'ยา'],
    ['ស្តី\u200bអំពី', askedOf('ស្តីអំពី')],
  ])('are for the query %j: %j', (query, words) => {
    expect(askedOf(query)).toBe(words);
  });

  it('include every word of a query that is a part of the text between spaces', () => {
    const anyWord = fc.constantFrom(
      'Straße',
      'été',
      'E-1234',
      '東京タワー',
      '끝말잇기',
      'ยาดีมาก',
      'कलम',
      'کتاب',
      "don't",
      '½',
      'X1',
      '🚀',
    );
    fc.assert(
      fc.property(fc.array(anyWord, { minLength: 1, maxLength: 6 }), fc.nat(), (words, seed) => {
        const query = words[seed % words.length] ?? '';
        const there = new Set(wordsOf(words.join(' ')).split(' '));
        for (const word of askedOf(query).split(' ')) expect(there).toContain(word);
      }),
    );
  });

  it('are never longer than 64 units, whatever the text is', () => {
    fc.assert(
      fc.property(anyText(80), (text) => {
        expect(
          wordsOf(text)
            .split(' ')
            .filter((word) => word.length > 64 || /\s/u.test(word)),
        ).toEqual([]);
      }),
    );
    expect(wordsOf('x'.repeat(100_000))).toBe('x'.repeat(64));
  });
});
