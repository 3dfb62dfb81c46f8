import { expect, it } from 'vitest';
import { describeUsage } from './usage.ts';

it.each([
  [{ used: 0, max: 10, unit: 'stores' }, '0 of 10 stores', 'calm', null],
  [{ used: 0, max: 1, unit: 'stores' }, '0 of 1 store', 'calm', null],
  [{ used: 8, max: 10, unit: 'stores' }, '8 of 10 stores', 'calm', null],
  [{ used: 9, max: 10, unit: 'files' }, '9 of 10 files', 'near', 'Nearly used up'],
  [{ used: 10, max: 10, unit: 'tokens' }, '10 of 10 tokens', 'full', 'Used up'],
  // A limit that was lowered below its usage, and a limit of zero.
  [{ used: 12_345, max: 1, unit: 'searches' }, '12,345 of 1 search', 'full', 'Used up'],
  [{ used: 0, max: 0, unit: 'requests' }, '0 of 0 requests', 'full', 'Used up'],
  [{ used: 1_500_000, max: 5_000_000, unit: 'bytes' }, '1.5 MB of 5 MB', 'calm', null],
  [{ used: 1, max: null, unit: 'stores' }, '1 store', 'calm', null],
  [{ used: null, max: 2_000, unit: 'bytes' }, 'Up to 2 kB', 'calm', null],
  [{ used: null, max: null, unit: 'requests' }, 'No limit', 'calm', null],
] as const)('describes the usage %o as "%s"', (usage, text, tone, note) => {
  expect(describeUsage(usage)).toMatchObject({ text, tone, note });
});

it('returns the used share of the limit, at most 1', () => {
  const shareOf = (used: number | null, max: number | null) => describeUsage({ used, max, unit: 'files' }).share;
  expect([shareOf(1, 4), shareOf(9, 4), shareOf(0, 0), shareOf(1, null), shareOf(null, 4)]).toEqual([
    0.25,
    1,
    1,
    null,
    null,
  ]);
});
