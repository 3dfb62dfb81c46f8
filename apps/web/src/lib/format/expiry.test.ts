import { describe, expect, it } from 'vitest';
import { describeFileExpiry, describePolicy, describeStoreExpiry, type ExpiryFacts, expiryClause } from './expiry.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;

function store(over: Partial<ExpiryFacts>): ExpiryFacts {
  return {
    source: 'cache',
    status: 'completed',
    expiresAfter: null,
    expiryPolicy: { kind: 'never' },
    expiresAt: null,
    createdAt: NOW - 30 * DAY,
    lastActiveAt: null,
    ...over,
  };
}
const weekly = {
  expiresAfter: { anchor: 'last_active_at', days: 7 },
  expiryPolicy: { kind: 'after_last_active', days: 7 },
} as const;

describe('describeStoreExpiry', () => {
  it('shows "never" only without a policy and a date', () => {
    expect(describeStoreExpiry(store({}), NOW)).toMatchObject({ text: 'never', tone: 'never' });
    expect(describeStoreExpiry(store(weekly), NOW).text).toBe('date unknown');
  });

  it('names the anchor and the last use', () => {
    const words = describeStoreExpiry(store({ ...weekly, expiresAt: NOW + 6 * DAY, lastActiveAt: NOW - DAY }), NOW);
    expect(words).toEqual({ text: 'in 6 days', detail: '7 days after last use; last use 1 day ago', tone: 'later' });
  });

  it('warns three days ahead', () => {
    expect(describeStoreExpiry(store({ ...weekly, expiresAt: NOW + 3 * DAY }), NOW).tone).toBe('soon');
    expect(describeStoreExpiry(store({ ...weekly, expiresAt: NOW + 3 * DAY + 1 }), NOW).tone).toBe('later');
  });

  it('shows a store as expired when upstream reports it so', () => {
    expect(describeStoreExpiry(store({ status: 'expired', expiresAt: NOW - 3 * DAY }), NOW)).toMatchObject({
      text: 'expired 3 days ago',
      tone: 'past',
    });
    expect(describeStoreExpiry(store({ status: 'expired' }), NOW).text).toBe('expired');
  });

  it('does not expire a mirror before upstream does, but does expire a primary store', () => {
    const overdue = { ...weekly, expiresAt: NOW - 2 * 3600, lastActiveAt: NOW - 7 * DAY };
    expect(describeStoreExpiry(store(overdue), NOW).text).toBe('due 2 hours ago');
    expect(describeStoreExpiry(store({ ...overdue, source: 'primary' }), NOW).text).toBe('expired 2 hours ago');
  });

  it('shows a policy it does not know as it is', () => {
    const words = describeStoreExpiry(
      store({ expiresAfter: { anchor: 'moon', phase: 'full' }, expiryPolicy: null }),
      NOW,
    );
    expect(words.detail).toContain('{"anchor":"moon","phase":"full"}');
  });
});

describe('describePolicy', () => {
  it.each<[string, Partial<ExpiryFacts>]>([
    [
      '36 hours after creation; created 30 days ago',
      { expiryPolicy: { kind: 'after_creation', durationS: 36 * 3600 }, expiresAt: NOW + DAY },
    ],
    ['On 2027-01-15 08:00 UTC', { expiryPolicy: { kind: 'at', instantS: NOW }, expiresAt: NOW }],
    ['7 days after last use; not used since it was created 30 days ago', { ...weekly, expiresAt: NOW + DAY }],
    ['A fixed date, without a policy', { expiresAt: NOW + DAY }],
    ['No expiry policy', {}],
  ])('says “%s” of a primary store and of a mirror alike', (words, facts) => {
    expect(describePolicy(store({ ...facts, source: 'primary' }), NOW)).toBe(words);
    expect(describePolicy(store({ ...facts, source: 'cache' }), NOW)).toBe(words);
  });
});

it('describeFileExpiry covers never, later, soon and past', () => {
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
