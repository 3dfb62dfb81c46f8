import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrated } from './calibration.ts';
import { fuseScores } from './fuse-scores.ts';

const EVEN = { embeddingWeight: 0.5, textWeight: 0.5 };
const anyScore = fc.double({ min: 0, max: 1, noNaN: true });
const anyWeight = fc.constantFrom(0, 0.2, 1, 3);

describe('fuseScores', () => {
  it('returns a score that both share, most of the one that is high, and the other when one has no weight', () => {
    expect(fuseScores(0.8, 0.8, EVEN)).toBeCloseTo(0.8);
    expect(fuseScores(0.9, 0, EVEN)).toBeCloseTo(0.636, 3);
    expect(fuseScores(0.1, 0, EVEN)).toBeCloseTo(0.071, 3);
    expect(fuseScores(0.3, null, EVEN)).toBe(0.3);
    expect(fuseScores(null, 0.9, EVEN)).toBe(0.9);
    expect(fuseScores(0.3, 0.9, { embeddingWeight: 1, textWeight: 0 })).toBe(0.3);
    expect(fuseScores(0.3, 0.9, { embeddingWeight: 0, textWeight: 2 })).toBe(0.9);
    expect(fuseScores(1, 1, { embeddingWeight: 0, textWeight: 0 })).toBe(0);
  });

  it('is between the two, and rises with each', () => {
    fc.assert(
      fc.property(anyScore, anyScore, anyScore, anyWeight, anyWeight, (a, b, more, embeddingWeight, textWeight) => {
        fc.pre(embeddingWeight + textWeight > 0);
        const weights = { embeddingWeight, textWeight };
        const score = fuseScores(a, b, weights);
        expect(score).toBeGreaterThanOrEqual(Math.min(a, b) - 1e-9);
        expect(score).toBeLessThanOrEqual(Math.max(a, b) + 1e-9);
        expect(fuseScores(Math.max(a, more), b, weights)).toBeGreaterThanOrEqual(score - 1e-9);
        expect(fuseScores(a, Math.max(b, more), weights)).toBeGreaterThanOrEqual(score - 1e-9);
      }),
    );
  });
});

describe('calibrated', () => {
  const line = [
    [0.1, 0],
    [0.3, 0.5],
    [0.5, 1],
  ] as const;

  it('interpolates a score on the line, and is flat beyond its ends', () => {
    expect([-1, 0.1, 0.2, 0.3, 0.4, 0.5, 1].map((cosine) => calibrated(line, cosine))).toEqual([
      0,
      0,
      expect.closeTo(0.25, 9),
      0.5,
      expect.closeTo(0.75, 9),
      1,
      1,
    ]);
  });
});
