import { expect, it } from 'vitest';
import { namedRemovals, needsTyping, reviewState } from './review.ts';

const plan = (stores: number, attachments: number, files: number) => ({
  stores: { removed: stores, missing: 0 },
  attachments: { removed: 0, missing: attachments },
  files: { removed: files, missing: 0 },
});

it('counts removals that are due and absent items that are not due yet, because the hash covers both', () => {
  expect(namedRemovals({ ...plan(1, 2, 3), stores: { removed: 1, missing: 4 } })).toEqual({
    stores: 5,
    attachments: 2,
    files: 3,
  });
});

it('requires typed confirmation above twenty removals of all kinds together', () => {
  expect(needsTyping(plan(5, 10, 5))).toBe(false);
  expect(needsTyping(plan(5, 10, 6))).toBe(true);
});

it('treats a review as open until it is approved or the API reports another open run', () => {
  expect(reviewState({ id: 'a', dryRun: false, approvedAt: null }, null)).toBe('open');
  expect(reviewState({ id: 'a', dryRun: false, approvedAt: null }, ['a'])).toBe('open');
  expect(reviewState({ id: 'a', dryRun: false, approvedAt: null }, ['b'])).toBe('superseded');
  expect(reviewState({ id: 'a', dryRun: false, approvedAt: 7 }, ['a'])).toBe('approved');
  expect(reviewState({ id: 'a', dryRun: true, approvedAt: null }, ['a'])).toBe('dry_run');
});
