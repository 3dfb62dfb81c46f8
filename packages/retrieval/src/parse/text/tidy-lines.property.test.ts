import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tidyLines } from './tidy-lines.ts';

/** The same with one line per rule; its first two rules take quadratic time in the length of a run of blanks. */
function plainly(text: string): string {
  return text
    .replace(/[ \t]+$/gm, '')
    .replace(/ +\t/g, '\t')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

describe('tidyLines', () => {
  it('equals its three rules, for any text', () => {
    const text = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r', '\u2028', 'a', '.'), maxLength: 40 });
    fc.assert(
      fc.property(text, (t) => tidyLines(t) === plainly(t)),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['spaces', ' '.repeat(4_000_000), ''],
    ['spaces within a line', `a${' '.repeat(4_000_000)}b`, `a${' '.repeat(4_000_000)}b`],
    ['spaces and tabs by turns', `a${' \t'.repeat(2_000_000)}b`, `a${'\t'.repeat(2_000_000)}b`],
    ['empty lines', `a${'\n'.repeat(4_000_000)}b`, 'a\n\nb'],
    ['lines of blanks', `a${' \n'.repeat(2_000_000)}b`, 'a\n\nb'],
  ])('reads millions of %s in one pass', (_, text, tidied) => {
    // One pass for each of them would be 10^13 steps: hours, which would exceed the test's time.
    expect(tidyLines(text) === tidied).toBe(true);
  });
});
