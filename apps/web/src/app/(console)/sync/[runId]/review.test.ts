import { expect, it } from 'vitest';
import { needsTyping, reviewState } from './review.ts';

const plan = (stores: number, attachments: number, files: number) => ({
  stores: { removed: stores, missing: 0 },
  attachments: { removed: 0, missing: attachments },
  files: { removed: files, missing: 0 },
});

it('asks for typing above twenty removals of all kinds together', () => {
  expect(needsTyping(plan(5, 10, 5))).toBe(false);
  expect(needsTyping(plan(5, 10, 6))).toBe(true);
});

it('takes a review for open until it is approved, or the API says another one is', () => {
  const stopped = (state: 'open' | 'approved' | 'superseded') =>
    ({ id: 'a', dryRun: false, review: { state, by: null, at: null } }) as const;
  expect(reviewState(stopped('open'), null)).toBe('open');
  expect(reviewState(stopped('open'), ['a'])).toBe('open');
  expect(reviewState(stopped('open'), ['b'])).toBe('superseded');
  expect(reviewState(stopped('superseded'), null)).toBe('superseded');
  expect(reviewState(stopped('approved'), ['a'])).toBe('approved');
  expect(reviewState({ id: 'a', dryRun: true, review: null }, null)).toBe('dry_run');
});
