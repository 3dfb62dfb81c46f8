import { expect, it } from 'vitest';
import { namedRemovals, needsTyping, reviewState } from './review.ts';

const plan = (stores: number, attachments: number, files: number) => ({
  stores: { removed: stores, missing: 0 },
  attachments: { removed: 0, missing: attachments },
  files: { removed: files, missing: 0 },
});

it('counts what is due together with what is absent but not due yet: the hash names both', () => {
  expect(namedRemovals({ ...plan(1, 2, 3), stores: { removed: 1, missing: 4 } })).toEqual({
    stores: 5,
    attachments: 2,
    files: 3,
  });
});

it('asks for typing above twenty removals of all kinds together', () => {
  expect(needsTyping(plan(5, 10, 5))).toBe(false);
  expect(needsTyping(plan(5, 10, 6))).toBe(true);
});

it('takes a review for open until it is approved, or the API says another one is', () => {
  expect(reviewState({ id: 'a', approvedAt: null }, null)).toBe('open');
  expect(reviewState({ id: 'a', approvedAt: null }, ['a'])).toBe('open');
  expect(reviewState({ id: 'a', approvedAt: null }, ['b'])).toBe('superseded');
  expect(reviewState({ id: 'a', approvedAt: 7 }, ['a'])).toBe('approved');
});
