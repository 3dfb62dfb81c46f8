import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countJsonValues } from './count-json-values.ts';

/** Counts values and containers of a parsed text. */
function countParsed(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  const children = Object.values(value);
  // An empty container is one value; the text has nothing but its brackets.
  return 1 + Math.max(0, ...[children.reduce((sum: number, child) => sum + countParsed(child), 0)]);
}

it('countJsonValues counts at least as many values as a parser makes, and at most twice as many', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      const made = countParsed(JSON.parse(text));
      const counted = countJsonValues(text, Number.MAX_SAFE_INTEGER);
      expect(counted).toBeGreaterThanOrEqual(made / 2);
      expect(counted).toBeLessThanOrEqual(made * 2);
    }),
  );
});

it('countJsonValues stops counting above the maximum', () => {
  expect(countJsonValues(`[${'1,'.repeat(1_000_000)}1]`, 100)).toBe(101);
});

it.each([
  ['"a,b[{"', 1],
  ['"a\\",b"', 1],
  ['["\\\\",1]', 3],
  ['["unended,,,,', 2],
  ['', 1],
  ['{"a,b":{"c":[1,2]},"d":3}', 6],
])('countJsonValues ignores the content of a string: %s', (text, count) => {
  expect(countJsonValues(text, 1_000)).toBe(count);
});
