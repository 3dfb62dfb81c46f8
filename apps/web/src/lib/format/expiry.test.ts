import { describe, expect, it } from 'vitest';
import { describeFileExpiry, describeStoreExpiry, type ExpiryFacts, expiryClause } from './expiry.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;

function store(over: Partial<ExpiryFacts>): ExpiryFacts {
  return { source: 'cache', status: 'completed', expiresAfter: null, expiresAt: null, lastActiveAt: null, ...over };
}
const weekly = { anchor: 'last_active_at', days: 7 };

describe('describeStoreExpiry', () => {
  it('shows "never" only without a policy and a date', () => {
    expect(describeStoreExpiry(store({}), NOW)).toMatchObject({ text: 'never', tone: 'never' });
    expect(describeStoreExpiry(store({ expiresAfter: weekly }), NOW).text).toBe('date unknown');
  });

  it('shows the anchor and the last use', () => {
    const words = describeStoreExpiry(
      store({ expiresAfter: weekly, expiresAt: NOW + 6 * DAY, lastActiveAt: NOW - DAY }),
      NOW,
    );
    expect(words).toEqual({ text: 'in 6 days', detail: '7 days after last use; last use 1 day ago', tone: 'later' });
  });

  it('warns from three days before the expiry', () => {
    expect(describeStoreExpiry(store({ expiresAfter: weekly, expiresAt: NOW + 3 * DAY }), NOW).tone).toBe('soon');
    expect(describeStoreExpiry(store({ expiresAfter: weekly, expiresAt: NOW + 3 * DAY + 1 }), NOW).tone).toBe('later');
  });

  it('shows a store as expired when upstream reports it so', () => {
    expect(describeStoreExpiry(store({ status: 'expired', expiresAt: NOW - 3 * DAY }), NOW)).toMatchObject({
      text: 'expired 3 days ago',
      tone: 'past',
    });
    expect(describeStoreExpiry(store({ status: 'expired' }), NOW).text).toBe('expired');
  });

  it('shows an overdue primary store as expired, but an overdue mirror only as due', () => {
    const overdue = { expiresAfter: weekly, expiresAt: NOW - 2 * 3600, lastActiveAt: NOW - 7 * DAY };
    expect(describeStoreExpiry(store(overdue), NOW).text).toBe('due 2 hours ago');
    expect(describeStoreExpiry(store({ ...overdue, source: 'primary' }), NOW).text).toBe('expired 2 hours ago');
  });

  it('shows an unknown policy as raw JSON', () => {
    const words = describeStoreExpiry(store({ expiresAfter: { anchor: 'moon', phase: 'full' } }), NOW);
    expect(words.detail).toContain('{"anchor":"moon","phase":"full"}');
  });
});

it('describes the expiry of a file as never, later, soon or past', () => {
  expect(describeFileExpiry(null, NOW)).toMatchObject({ text: 'never', tone: 'never' });
  expect(describeFileExpiry(NOW + 30 * DAY, NOW)).toMatchObject({ text: 'in 30 days', tone: 'later' });
  expect(describeFileExpiry(NOW + DAY, NOW)).toMatchObject({ text: 'in 1 day', tone: 'soon' });
  expect(describeFileExpiry(NOW - DAY, NOW)).toMatchObject({ text: 'due 1 day ago', tone: 'past' });
});

it.each([
  ['in 6 days', 'later', 'expires in 6 days'],
  ['never', 'never', 'never expires'],
  ['expired 3 days ago', 'past', 'expired 3 days ago'],
  ['due 1 day ago', 'soon', 'due 1 day ago'],
  ['date unknown', 'later', 'expiry date unknown'],
] as const)('expands “%s” (%s) to the phrase “%s”', (text, tone, clause) => {
  expect(expiryClause({ text, tone })).toBe(clause);
});
