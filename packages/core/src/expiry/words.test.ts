import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFacts, anyPolicy } from './arbitraries.ts';
import { DAY_S } from './policy.ts';
import { EXPIRED, expiryState } from './state.ts';
import { agoWords, type DescribedExpiry, describeExpiry, instantWords, spanWords } from './words.ts';

const NOW_S = Date.UTC(2026, 10, 20, 12) / 1000;
const HOUR_S = 3_600;
const base: DescribedExpiry = {
  policy: { kind: 'after_last_active', days: 30 },
  createdAtS: NOW_S - 100 * DAY_S,
  lastActiveAtS: NOW_S - 3 * DAY_S,
  expiresAtS: NOW_S + 27 * DAY_S,
  status: 'completed',
  isPrimary: true,
  nowS: NOW_S,
};

describe('describeExpiry', () => {
  it.each<[string, Partial<DescribedExpiry>]>([
    ['30 days after last use; last use 3 days ago; expires in 27 days', {}],
    ['Never expires', { policy: { kind: 'never' }, expiresAtS: null }],
    [
      '36 hours after creation; created 2 hours ago; expires in 1 day',
      {
        policy: { kind: 'after_creation', durationS: 36 * HOUR_S },
        createdAtS: NOW_S - 2 * HOUR_S,
        expiresAtS: NOW_S + 34 * HOUR_S,
      },
    ],
    [
      'On 2026-12-31 23:59 UTC; expires in 41 days',
      {
        policy: { kind: 'at', instantS: Date.UTC(2026, 11, 31, 23, 59) / 1000 },
        expiresAtS: Date.UTC(2026, 11, 31, 23, 59) / 1000,
      },
    ],
    [
      '1 day after last use; last use 2 days ago; expired 1 day ago',
      {
        policy: { kind: 'after_last_active', days: 1 },
        lastActiveAtS: NOW_S - 2 * DAY_S,
        expiresAtS: NOW_S - DAY_S,
      },
    ],
    [
      '30 days after last use; not used since it was created 4 minutes ago; expires in 29 days',
      { createdAtS: NOW_S - 240, lastActiveAtS: null, expiresAtS: NOW_S - 240 + 30 * DAY_S },
    ],
    ['Expires by a rule of OpenAI that Espejo does not know', { policy: null, expiresAtS: null }],
    ['expires in 2 days', { policy: null, expiresAtS: NOW_S + 2 * DAY_S }],
    ['Never expires; expired', { policy: { kind: 'never' }, expiresAtS: null, status: EXPIRED }],
  ])('returns "%s"', (text, fields) => {
    expect(describeExpiry({ ...base, ...fields })).toBe(text);
  });

  it('says "expired" of a mirror only when upstream does', () => {
    const over = { ...base, isPrimary: false, lastActiveAtS: NOW_S - 30 * DAY_S, expiresAtS: NOW_S };
    expect(describeExpiry(over)).toBe('30 days after last use; last use 30 days ago; due now, when OpenAI says so');
    expect(describeExpiry({ ...over, status: EXPIRED })).toContain('expired just now');
    expect(describeExpiry({ ...over, isPrimary: true })).toContain('expired just now');
  });

  it('shows a last use in the future as just now, because clocks differ', () => {
    expect(agoWords(-DAY_S)).toBe('just now');
    expect(describeExpiry({ ...base, lastActiveAtS: NOW_S + DAY_S, expiresAtS: NOW_S + 31 * DAY_S })).toBe(
      '30 days after last use; last use just now; expires in 31 days',
    );
  });

  it('has a text for every policy and state', () => {
    const facts = { isPrimary: fc.boolean(), status: fc.string(), expiresAtS: fc.option(fc.maxSafeInteger()) };
    fc.assert(
      fc.property(fc.option(anyPolicy), anyFacts, fc.record(facts), (policy, anchors, standing) => {
        expect(describeExpiry({ ...anchors, ...standing, policy })).toMatch(/\w/);
      }),
    );
  });
});

describe('the text of spans and instants', () => {
  it.each([
    [36 * HOUR_S, '36 hours'],
    [2 * DAY_S, '2 days'],
    [90_061, '1 day 1 hour 1 minute 1 second'],
    [60, '1 minute'],
    [0, '0 seconds'],
    [100 * HOUR_S, '4 days 4 hours'],
  ])('writes %i s as %s', (spanS, text) => {
    expect(spanWords(spanS)).toBe(text);
  });

  it('writes instants in UTC, with seconds if they are not 0', () => {
    expect(instantWords(0)).toBe('1970-01-01 00:00 UTC');
    expect(instantWords(59)).toBe('1970-01-01 00:00:59 UTC');
    expect(instantWords(Number.MAX_SAFE_INTEGER)).toContain('unix time');
  });
});

describe('the expiry state', () => {
  const WEEK_S = 7 * DAY_S;
  const state = (remainingS: number | null, isPrimary: boolean, status = 'completed') =>
    expiryState({ status, isPrimary, expiresAtS: remainingS === null ? null : NOW_S + remainingS }, NOW_S, WEEK_S);

  it.each([
    [null, 'none', 'none'],
    [WEEK_S + 1, 'counting', 'counting'],
    [WEEK_S, 'soon', 'soon'],
    [1, 'soon', 'soon'],
    // A primary store expires by Espejo's clock; a mirror only when upstream says so.
    [0, 'expired', 'soon'],
    [-DAY_S, 'expired', 'soon'],
  ])('is, with %s s left, %s for a primary store and %s for a mirror', (remainingS, primary, mirror) => {
    expect(state(remainingS, true)).toBe(primary);
    expect(state(remainingS, false)).toBe(mirror);
  });

  it('is expired whenever the status says so', () => {
    expect(state(WEEK_S, false, EXPIRED)).toBe('expired');
    expect(state(null, true, EXPIRED)).toBe('expired');
  });
});
