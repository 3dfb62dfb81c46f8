import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuseRanks, type RankedList } from './fuse-ranks.ts';

const EQUAL = { embeddingWeight: 1, textWeight: 1 };
const vector = (...items: [id: number, score: number][]): RankedList => ({
  kind: 'vector',
  items: items.map(([id, score]) => ({ id, score })),
});
const text = (...items: [id: number, score: number][]): RankedList => ({ ...vector(...items), kind: 'text' });

const anyLists: fc.Arbitrary<RankedList[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('vector' as const, 'text' as const),
    items: fc
      .uniqueArray(
        fc.record({ id: fc.integer({ min: 1, max: 12 }), score: fc.double({ min: 0.001, max: 1, noNaN: true }) }),
        {
          selector: ({ id }) => id,
        },
      )
      .map((items) => items.sort((a, b) => b.score - a.score || a.id - b.id)),
  }),
  { maxLength: 4 },
);
const anyWeights = fc.record({
  embeddingWeight: fc.constantFrom(0, 0.2, 1, 3),
  textWeight: fc.constantFrom(0, 0.2, 1, 3),
});

describe('fuseRanks', () => {
  it('gives 1 to what is first everywhere, and ranks by places, not by scores', () => {
    const [first, second, third] = fuseRanks([vector([1, 0.9], [2, 0.1]), text([1, 3], [3, 2.9])], EQUAL, 10);
    expect(first).toEqual({ id: 1, score: 1, vectorRank: 1, vectorScore: 0.9, textRank: 1, textScore: 3 });
    expect(second).toMatchObject({ id: 2, score: expect.closeTo(61 / 62 / 2, 12), textRank: null, textScore: null });
    expect(third).toMatchObject({ id: 3, score: expect.closeTo(61 / 62 / 2, 12), vectorRank: null, vectorScore: null });
  });

  it('gives the same place to the same score, whichever id is smaller', () => {
    const ids = (lists: RankedList[]) => fuseRanks(lists, EQUAL, 10).map(({ id, score }) => [id, score.toFixed(6)]);
    const words = [text([1, 3], [2, 2], [3, 2], [4, 1])];
    const [, second, third, fourth] = fuseRanks([vector([1, 0.9]), ...words], EQUAL, 10);
    expect([second?.textRank, third?.textRank, fourth?.textRank]).toEqual([2, 2, 4]);
    expect(second?.score).toBe(third?.score);
    expect(ids([vector([2, 0.9]), ...words])[0]?.[1]).toBe(ids([vector([3, 0.9]), ...words])[0]?.[1]);
  });

  it('counts lists by their weights, and a list of weight 0 not at all', () => {
    const lists = [vector([1, 0.9]), text([2, 3])];
    expect(fuseRanks(lists, { embeddingWeight: 1, textWeight: 3 }, 10).map(({ id, score }) => [id, score])).toEqual([
      [2, 0.75],
      [1, 0.25],
    ]);
    expect(fuseRanks(lists, { embeddingWeight: 0, textWeight: 3 }, 10)).toMatchObject([{ id: 2, score: 3 / 8 }]);
  });

  it('keeps the scores where there is one kind of list: the cosine, or BM25 on its way to 1', () => {
    expect(fuseRanks([vector([1, 0.7], [2, -0.2])], EQUAL, 10).map(({ score }) => score)).toEqual([0.7, 0]);
    expect(fuseRanks([text([1, 5], [2, 0])], EQUAL, 10).map(({ score }) => score)).toEqual([0.5, 0]);
    expect(
      fuseRanks([vector([1, 0.7]), vector([2, 0.9], [1, 0.1])], EQUAL, 10).map(({ id, score }) => [id, score]),
    ).toEqual([
      [2, 0.9],
      [1, 0.7],
    ]);
  });

  it('always answers scores from 0 to 1, going down, each id once, and all there are up to the limit', () => {
    fc.assert(
      fc.property(anyLists, anyWeights, fc.integer({ min: 0, max: 15 }), (lists, weights, limit) => {
        const hits = fuseRanks(lists, weights, limit);
        const counted = lists.filter(
          ({ kind }) => (kind === 'vector' ? weights.embeddingWeight : weights.textWeight) > 0,
        );
        const ids = new Set(counted.flatMap(({ items }) => items.map(({ id }) => id)));
        expect(hits).toHaveLength(Math.min(limit, ids.size));
        expect(new Set(hits.map(({ id }) => id)).size).toBe(hits.length);
        for (const [index, { score }] of hits.entries()) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1 + 1e-12);
          expect(score).toBeLessThanOrEqual(hits[index - 1]?.score ?? 2);
        }
      }),
    );
  });

  it('never lowers what comes earlier in a list', () => {
    fc.assert(
      fc.property(anyLists, anyWeights, (lists, weights) => {
        const scoreOf = new Map(fuseRanks(lists, weights, 100).map(({ id, score }) => [id, score]));
        const [only] = lists;
        if (lists.length !== 1 || only === undefined) return;
        const scores = only.items.flatMap(({ id }) => scoreOf.get(id) ?? []);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      }),
    );
  });
});
