import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBitSet } from './bit-set.ts';

// Near each other, at the borders of words and of the first allocation, and far away.
const number = fc.oneof(
  fc.integer({ min: 0, max: 200 }),
  fc.constantFrom(31, 32, 63, 64, 1023, 1024, 32_767, 32_768, 65_535, 65_536),
  fc.integer({ min: 0, max: 3_000_000 }),
);

it('a bit set equals a Set, whatever is added in whatever order', () => {
  fc.assert(
    fc.property(fc.array(number, { maxLength: 300 }), fc.array(number, { maxLength: 50 }), (added, asked) => {
      const bits = createBitSet();
      const oracle = new Set<number>();
      for (const n of added) {
        expect(bits.add(n)).toBe(!oracle.has(n));
        oracle.add(n);
        expect(bits.size).toBe(oracle.size);
      }
      for (const n of [...asked, ...added]) expect(bits.has(n)).toBe(oracle.has(n));
    }),
  );
});

it('a bit set holds every bit of a word, the sign bit too', () => {
  const bits = createBitSet();
  for (let n = 0; n < 64; n += 1) expect(bits.add(n)).toBe(true);
  for (let n = 0; n < 64; n += 1) expect(bits.add(n)).toBe(false);
  expect(bits.size).toBe(64);
  expect(bits.has(64)).toBe(false);
});
