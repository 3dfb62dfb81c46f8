import { beforeAll, describe, expect, it } from 'vitest';
import { calibrationOf } from '../embed/calibration-of.ts';
import { createLexicalEmbedder } from '../embed/lexical-embedder.ts';
import { readLabelledSets } from '../testing/labelled-queries.ts';
import { measureQuality, ndcg, type Quality, type SearchKind } from '../testing/measure-quality.ts';

/** Measured values minus 0.02: nDCG@10 of words, vectors and both. Raise a floor when the search gets better. */
const FLOORS: Readonly<Record<string, readonly [words: number, vectors: number, hybrid: number]>> = {
  ar: [0.53, 0.59, 0.63],
  de: [0.56, 0.65, 0.64],
  en: [0.67, 0.64, 0.71],
  es: [0.62, 0.63, 0.63],
  fr: [0.59, 0.68, 0.65],
  ja: [0.64, 0.69, 0.73],
  th: [0.7, 0.67, 0.69],
  zh: [0.53, 0.69, 0.69],
};

const sets = readLabelledSets();
const embedder = createLexicalEmbedder();
const measured = new Map<string, Record<SearchKind, Quality>>();

describe('the quality of search with the built-in embedder', () => {
  beforeAll(async () => {
    for (const set of sets)
      measured.set(set.language, await measureQuality(set, embedder, calibrationOf(embedder.model)));
  });

  it('is measured with at least 300 queries, in eight languages', () => {
    expect(sets.map(({ language }) => language)).toEqual(Object.keys(FLOORS));
    const answered = sets.flatMap(({ queries }) => queries.filter(({ grades }) => grades.size > 0));
    expect(answered.length).toBeGreaterThanOrEqual(300);
  });

  describe.each(Object.entries(FLOORS))('search quality in %s', (language, [words, vectors, hybrid]) => {
    const of = (kind: SearchKind): Quality => {
      const quality = measured.get(language)?.[kind];
      if (quality === undefined) throw new Error('It was not measured.');
      return quality;
    };

    it('is not below its floors', () => {
      expect(of('words').ndcgAt10).toBeGreaterThanOrEqual(words);
      expect(of('vectors').ndcgAt10).toBeGreaterThanOrEqual(vectors);
      expect(of('hybrid').ndcgAt10).toBeGreaterThanOrEqual(hybrid);
    });

    it('gives noise lower scores than hits, by words, by vectors and by both', () => {
      for (const kind of ['words', 'vectors', 'hybrid'] as const) {
        const { hits, noise } = of(kind);
        const noiseTop = Math.max(...noise.map(({ topScore }) => topScore));
        expect(noiseTop).toBeLessThan(0.4);
        // The first query of each passage uses its words: such a hit is a hit by any measure.
        const byWords = hits.filter((hit, at) => at % 2 === 0 && hit.isRight).map(({ topScore }) => topScore);
        expect(byWords.length).toBeGreaterThanOrEqual(15);
        const above = byWords.filter((score) => score > noiseTop);
        expect(above.length / byWords.length).toBeGreaterThanOrEqual(0.9);
      }
    });

    it('excludes all noise and keeps most hits by words with a threshold of 0.5', () => {
      const { hits, noise } = of('hybrid');
      expect(noise.filter(({ topScore }) => topScore >= 0.5)).toEqual([]);
      const kept = hits.filter((hit, at) => at % 2 === 0 && hit.isRight && hit.topScore >= 0.5);
      expect(kept.length).toBeGreaterThanOrEqual(15);
    });
  });
});

describe('ndcg', () => {
  it('is 1 in the best order, 0 when nothing was found, and less the later a hit comes', () => {
    expect(ndcg([2, 1, 0], [2, 1])).toBe(1);
    expect(ndcg([], [2])).toBe(0);
    expect(ndcg([0, 2], [2])).toBeCloseTo(1 / Math.log2(3));
  });
});
