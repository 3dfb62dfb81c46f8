import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainScore } from './explain-score.ts';
import { groupByFile } from './group-by-file.ts';

const hit = (fileId: string, score: number, text = '') => ({
  fileId,
  filename: `${fileId}.txt`,
  attributes: {},
  score,
  text,
});

describe('groupByFile', () => {
  it('puts chunks under their files, both best first', () => {
    const hits = [hit('a', 0.9, '1'), hit('b', 0.8, '2'), hit('a', 0.7, '3'), hit('c', 0.6, '4'), hit('a', 0.5, '5')];
    const results = groupByFile(hits, { limit: 2, scoreThreshold: 0, chunksPerFileMax: 2 });
    expect(results.map(({ fileId, score, chunks }) => [fileId, score, chunks.map(({ text }) => text)])).toEqual([
      ['a', 0.9, ['1', '3']],
      ['b', 0.8, ['2']],
    ]);
  });

  it('leaves out what is below the threshold, and keeps what is at it', () => {
    const results = groupByFile([hit('a', 0.5), hit('b', 0.49), hit('c', Number.NaN)], {
      limit: 9,
      scoreThreshold: 0.5,
      chunksPerFileMax: 1,
    });
    expect(results.map(({ fileId }) => fileId)).toEqual(['a']);
  });

  it('loses and repeats nothing', () => {
    const anyHits = fc
      .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.double({ min: 0, max: 1, noNaN: true })))
      .map((pairs) =>
        pairs.map(([fileId, score], index) => hit(fileId, score, String(index))).sort((a, b) => b.score - a.score),
      );
    fc.assert(
      fc.property(anyHits, fc.double({ min: 0, max: 1, noNaN: true }), (hits, scoreThreshold) => {
        const results = groupByFile(hits, { limit: 100, scoreThreshold, chunksPerFileMax: 1000 });
        const texts = results.flatMap(({ chunks }) => chunks.map(({ text }) => text));
        expect(texts.sort()).toEqual(
          hits
            .filter(({ score }) => score >= scoreThreshold)
            .map(({ text }) => text)
            .sort(),
        );
        const scores = results.map(({ score }) => score);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      }),
    );
  });
});

describe('explainScore', () => {
  it.each([
    [
      { vectorRank: 1, vectorScore: 0.8123, textRank: 3, textScore: 4.5 },
      'No. 1 by vector (cosine 0.812), no. 3 by words (BM25 4.50).',
    ],
    [
      { vectorRank: 2, vectorScore: 0.5, textRank: null, textScore: null },
      'No. 2 by vector (cosine 0.500); not among the words.',
    ],
    [
      { vectorRank: null, vectorScore: null, textRank: 1, textScore: 9 },
      'No. 1 by words (BM25 9.00); not among the vectors.',
    ],
  ])('says of %j: %s', (places, sentence) => {
    expect(explainScore(places)).toBe(sentence);
  });
});
