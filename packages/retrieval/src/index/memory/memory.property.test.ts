import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createArena } from './arena.ts';
import { createTopList } from './top-list.ts';
import { ArenaFull, createVectorRows } from './vector-rows.ts';

const anyScores = fc.array(fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ noNaN: true, noDefaultInfinity: true })), {
  maxLength: 80,
});

describe('a top list', () => {
  it('is the front of the sorted list, whatever the order of the input', () => {
    fc.assert(
      fc.property(anyScores, fc.integer({ min: 0, max: 20 }), fc.infiniteStream(fc.nat()), (scores, limit, keys) => {
        const items = scores.map((score, index) => ({ id: index + 1, score }));
        const top = createTopList(limit);
        const shuffled = items.map((item) => ({ item, key: keys.next().value })).sort((a, b) => a.key - b.key);
        for (const { item } of shuffled) top.offer(item.id, item.score);
        expect(top.take()).toEqual(items.sort((a, b) => b.score - a.score || a.id - b.id).slice(0, limit));
      }),
    );
  });
});

const dot = (left: Float32Array, right: Float32Array) =>
  left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);

describe('vectors in the arena', () => {
  it('give the same products as plain arithmetic, for any dimensions, stored or streamed', () => {
    const anyCase = fc.integer({ min: 1, max: 70 }).chain((dimensions) =>
      fc.record({
        dimensions: fc.constant(dimensions),
        files: fc.array(
          // Small whole numbers: exact in any order of addition.
          fc.array(fc.array(fc.integer({ min: -8, max: 8 }), { minLength: dimensions, maxLength: dimensions }), {
            maxLength: 9,
          }),
          { maxLength: 6 },
        ),
        query: fc.array(fc.integer({ min: -8, max: 8 }), { minLength: dimensions, maxLength: dimensions }),
        isWanted: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      }),
    );
    fc.assert(
      fc.property(anyCase, ({ dimensions, files, query, isWanted }) => {
        const rows = createVectorRows(createArena(2 ** 20), dimensions);
        const runs: number[] = [];
        const all: { id: number; score: number }[] = [];
        const wanted: { id: number; score: number }[] = [];
        const passing = createTopList(1000);
        rows.setQuery(Float32Array.from(query));
        for (const [index, file] of files.entries()) {
          const firstId = 100 * index + 1;
          const packed = Float32Array.from(file.flat());
          const rowAt = rows.add(firstId, packed);
          const items = file.map((row, at) => ({
            id: firstId + at,
            score: dot(Float32Array.from(row), Float32Array.from(query)),
          }));
          all.push(...items);
          if (!isWanted[index]) continue;
          wanted.push(...items);
          runs.push(rowAt, rowAt + file.length);
          rows.scanPassing(firstId, packed, passing);
        }
        const sorted = (items: typeof all) => items.sort((a, b) => b.score - a.score || a.id - b.id);
        const scan = (part: readonly number[] | null) => {
          const top = createTopList(1000);
          rows.scan(part, top);
          return top.take();
        };
        expect(rows.rowCount()).toBe(all.length);
        expect(scan(null)).toEqual(sorted(all));
        expect(scan(runs)).toEqual(sorted(wanted));
        expect(passing.take()).toEqual(sorted(wanted));
      }),
      { numRuns: 60 },
    );
  });

  it('fill the arena to its end and no further, and release all they took', () => {
    const arena = createArena(2 ** 20);
    const packed = new Float32Array(384 * 64).fill(0.05);
    for (let round = 0; round < 3; round += 1) {
      const rows = createVectorRows(arena, 384);
      let id = 1;
      expect(() => {
        while (id < 10_000) {
          rows.add(id, packed);
          id += 64;
        }
      }).toThrow(ArenaFull);
      expect(rows.rowCount()).toBeGreaterThan(500);
      expect(arena.usedBytes()).toBeLessThanOrEqual(2 ** 20);
      rows.clear();
      expect(arena.usedBytes()).toBe(0);
    }
  });
});
