import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRankings } from './compare-rankings.ts';

const ranking = fc.uniqueArray(fc.integer({ min: 0, max: 30 }).map(String), { maxLength: 20 });
const k = fc.integer({ min: 1, max: 25 });

describe('compareRankings', () => {
  it('finds a ranking equal to itself, and opposite to its reverse', () => {
    fc.assert(
      fc.property(ranking, (keys) => {
        const same = compareRankings(keys, keys, 50);
        expect(same).toEqual({
          overlap: 1,
          commonCount: keys.length,
          rankCorrelation: keys.length < 2 ? null : 1,
        });
        const reversed = compareRankings(keys, keys.toReversed(), 50);
        expect(reversed.overlap).toBe(1);
        expect(reversed.rankCorrelation).toBe(keys.length < 2 ? null : -1);
      }),
    );
  });

  it('is symmetric and stays within its bounds', () => {
    fc.assert(
      fc.property(ranking, ranking, k, (left, right, depth) => {
        const there = compareRankings(left, right, depth);
        expect(compareRankings(right, left, depth)).toEqual(there);
        expect(there.overlap).toBeGreaterThanOrEqual(0);
        expect(there.overlap).toBeLessThanOrEqual(1);
        expect(Math.abs(there.rankCorrelation ?? 0)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('compares the first k and no more', () => {
    fc.assert(
      fc.property(ranking, ranking, ranking, k, (left, right, tail, depth) => {
        const longer = [...left, ...tail.map((key) => `tail ${key}`)];
        if (left.length < depth) return;
        expect(compareRankings(longer, right, depth)).toEqual(compareRankings(left, right, depth));
      }),
    );
  });

  it.each([
    { left: ['a', 'b', 'c'], right: ['a', 'b', 'd'], k: 3, overlap: 2 / 3, rankCorrelation: 1 },
    { left: ['a', 'b', 'c', 'd'], right: ['b', 'a', 'c', 'd'], k: 4, overlap: 1, rankCorrelation: 4 / 6 },
    { left: ['a'], right: ['a', 'b'], k: 10, overlap: 0.5, rankCorrelation: null },
    { left: ['a', 'b'], right: ['c', 'd'], k: 2, overlap: 0, rankCorrelation: null },
    { left: [], right: [], k: 5, overlap: 1, rankCorrelation: null },
  ])('compares $left with $right', ({ left, right, k: depth, overlap, rankCorrelation }) => {
    expect(compareRankings(left, right, depth)).toMatchObject({ overlap, rankCorrelation });
  });
});
