import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexedWords } from '../words/word-stream.ts';
import { queryTerms } from './query-terms.ts';
import { createWordScorer } from './word-score.ts';

/** The score of a text in a store that has it and `others` other texts, which have none of its words. */
function scoreIn(text: string, query: string, others = 0): number {
  const there = new Set(indexedWords(text).text.split(' '));
  const rowsWith = (word: string) => (there.has(word) ? 1 : 0);
  return createWordScorer(queryTerms(query), rowsWith, 1 + others).score(indexedWords(text).stream);
}

const LEAVE = 'Employees receive thirty days of paid leave each year. Leave must be requested in advance.';

describe('the word score', () => {
  it('is 0 for unknown words, and for a query without words', () => {
    for (const query of ['xqzvb bnmwpt kjhgfd', '', '!?', '"']) expect(scoreIn(LEAVE, query)).toBe(0);
  });

  it('is high in a store of one text', () => {
    for (const query of ['paid leave', 'thirty days of paid leave', 'Employees']) {
      expect(scoreIn(LEAVE, query)).toBeGreaterThan(0.75);
    }
  });

  it('does not change with the size of the store while words are rare in it', () => {
    for (const query of ['paid leave', 'thirty unknownword']) {
      const scores = [0, 10, 1000, 1_000_000].map((others) => scoreIn(LEAVE, query, others));
      expect(Math.max(...scores) - Math.min(...scores)).toBeLessThan(0.05);
    }
  });

  it('is low for a question on another topic that shares only common words', () => {
    expect(scoreIn(LEAVE, 'What is the boiling point of tungsten?')).toBeLessThan(0.15);
  });

  it('counts missing words: half of the words give about half of the score', () => {
    const half = scoreIn(LEAVE, 'paid tungsten');
    expect(half).toBeGreaterThan(0.3);
    expect(half).toBeLessThan(0.55);
  });

  it('is higher where the words are close together', () => {
    const apart = `paid ${'other words here '.repeat(10)} leave`;
    const together = `${'other words here '.repeat(10)} paid leave`;
    expect(scoreIn(together, 'paid leave')).toBeGreaterThan(scoreIn(apart, 'paid leave') + 0.05);
  });

  it('is higher where they occur more often', () => {
    expect(scoreIn('leave and leave and leave', 'leave')).toBeGreaterThan(scoreIn('leave and work and play', 'leave'));
  });

  it('finds an identifier however it is written', () => {
    for (const text of ['E-1234', 'E1234', 'e 1234', 'E_1234', 'e/1234']) {
      for (const query of ['E-1234', 'e_1234', 'E/1234'])
        expect(scoreIn(`The code ${text} means stop.`, query)).toBeGreaterThan(0.75);
    }
    expect(scoreIn('The code E-1234 means stop.', 'E-9999')).toBeLessThan(0.3);
  });

  it('is from 0 to 1, and equal for equal texts, whatever the query and the text', () => {
    const anyText = fc.array(fc.constantFrom('a', 'paid', 'leave', 'E-12', '東京タワー', 'the', 'x_y', '끝말잇기'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(anyText, anyText, fc.nat({ max: 50 }), (text, query, others) => {
        const score = scoreIn(text.join(' '), query.join(' '), others);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        const words = query.join(' ');
        const terms = queryTerms(words);
        const scorer = createWordScorer(terms, () => 1, others);
        const stream = indexedWords(text.join(' ')).stream;
        const first = scorer.score(stream);
        scorer.score(indexedWords(words).stream);
        expect(scorer.score(stream)).toBe(first);
      }),
    );
  });
});
