import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, createListingDiff, type DiffKind, isSameJson, type KnownItem } from './diff.ts';

const id: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const hash = fc.constantFrom('1', '2', '3');
const known = fc
  .dictionary(id, fc.record({ hash, isMissing: fc.boolean() }))
  .map((items): Map<string, KnownItem> => new Map(Object.entries(items)));
const listing = fc.array(fc.record({ id, hash }), { maxLength: 20 });

describe('a listing compared with the mirror', () => {
  it('agrees with a plain comparison of the two, item by item', () => {
    fc.assert(
      fc.property(known, listing, (mirror, rows) => {
        const diff = createListingDiff(mirror);
        const sightings = rows.map((row) => diff.see(row.id, row.hash));

        const firstAt = new Map(rows.map((row, at) => [row.id, at] as const).reverse());
        const expected = rows.map((row, at): DiffKind => {
          const before = mirror.get(row.id);
          if (firstAt.get(row.id) !== at) return 'repeated';
          if (before === undefined) return 'added';
          if (before.isMissing) return 'returned';
          return before.hash === row.hash ? 'unchanged' : 'changed';
        });
        expect(sightings).toEqual(expected);
        expect(new Set(diff.unseen())).toEqual(new Set([...mirror.keys()].filter((key) => !firstAt.has(key))));
        expect(diff.seenCount).toBe(firstAt.size);
      }),
    );
  });

  it('partitions the items: every known one is either seen or unseen, every listed one is counted once', () => {
    fc.assert(
      fc.property(known, listing, (mirror, rows) => {
        const diff = createListingDiff(mirror);
        const seen = new Set(rows.filter((row) => diff.see(row.id, row.hash) !== 'repeated').map((row) => row.id));
        const unseen = diff.unseen();
        expect(new Set([...seen, ...unseen])).toEqual(new Set([...mirror.keys(), ...seen]));
        expect(unseen.some((key) => seen.has(key))).toBe(false);
      }),
    );
  });

  it('does not depend on the order of pages', () => {
    fc.assert(
      fc.property(known, fc.uniqueArray(fc.record({ id, hash }), { selector: (row) => row.id }), (mirror, rows) => {
        const run = (order: typeof rows) => {
          const diff = createListingDiff(mirror);
          const sightings = Object.fromEntries(order.map((row) => [row.id, diff.see(row.id, row.hash)]));
          return { sightings, unseen: [...diff.unseen()].sort() };
        };
        expect(run(rows)).toEqual(run(rows.toReversed()));
      }),
    );
  });

  it('gives the same result for a single item as in a listing', () => {
    fc.assert(
      fc.property(known, id, hash, (mirror, key, value) => {
        expect(createListingDiff(mirror).see(key, value)).toBe(classify(mirror.get(key), value));
      }),
    );
  });
});

describe('isSameJson', () => {
  const json = fc.jsonValue({ maxDepth: 4 });

  it('is equality of JSON, whatever the order of keys', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(isSameJson(a, structuredClone(a))).toBe(true);
        expect(isSameJson(a, b)).toBe(isSameJson(b, a));
        expect(isSameJson(a, reordered(a))).toBe(true);
        expect(isSameJson(a, b)).toBe(JSON.stringify(canonical(a)) === JSON.stringify(canonical(b)));
      }),
    );
  });

  it('distinguishes an array from an object, and null from an absent value', () => {
    expect(isSameJson([], {})).toBe(false);
    expect(isSameJson([1], { 0: 1 })).toBe(false);
    expect(isSameJson({ a: null }, {})).toBe(false);
    expect(isSameJson({ a: undefined }, { b: undefined })).toBe(false);
    expect(isSameJson(null, undefined)).toBe(false);
  });
});

function reordered(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(reordered);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reordered(inner)]),
  );
}

function canonical(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return Object.is(value, -0) ? 0 : value;
  if (Array.isArray(value)) return value.map(canonical);
  return Object.keys(value)
    .sort()
    .map((key) => [key, canonical(Reflect.get(value, key))])
    .concat([['object']]);
}
