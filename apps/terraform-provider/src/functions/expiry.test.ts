import { describe, expect, it } from 'vitest';
import { expiryInstant, fileExpiry, storeExpiry } from './expiry.ts';

describe('expiry functions', () => {
  it('return the expiry of a store, rounded up to whole days', () => {
    expect(storeExpiry.call(['P2W'])).toEqual({ anchor: 'last_active_at', days: 14 });
    expect(storeExpiry.call(['PT36H'])).toEqual({ anchor: 'last_active_at', days: 2 });
    expect(storeExpiry.call(['PT1M'])).toEqual({ anchor: 'last_active_at', days: 1 });
  });
  it('return the expiry of a file in seconds', () => {
    expect(fileExpiry.call(['P7D'])).toEqual({ seconds: 604_800 });
    expect(fileExpiry.call(['PT1M'])).toEqual({ seconds: 3_600 });
  });
  it('return the instant at which a store counted from now expires', () => {
    expect(expiryInstant.call(['2027-01-31T00:00:00Z', 30])).toBe(Date.UTC(2027, 2, 2) / 1000);
  });
  it.each([
    ['a year has no fixed length', () => storeExpiry.call(['P1Y'])],
    ['a store is kept for 365 days at most', () => storeExpiry.call(['P366D'])],
    ['a file is kept for 30 days at most', () => fileExpiry.call(['P31D'])],
    ['a local time has no instant', () => expiryInstant.call(['2027-01-31T00:00:00', 1])],
  ])('reject what cannot be expressed: %s', (_why, call) => {
    expect(call).toThrow();
  });
});
