import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFacts, anyPolicy } from './arbitraries.ts';
import { applyExpiryEdit, checkPolicy, DAY_S, type ExpiryPolicy, expiresAt, extendPolicy } from './policy.ts';

const at = (iso: string) => Date.parse(iso) / 1000;
const iso = (instantS: number | null) => (instantS === null ? null : new Date(instantS * 1000).toISOString());

describe('the expiry of a policy', () => {
  it.each([
    ['a leap day', '2028-02-28T12:00:00Z', 1, '2028-02-29T12:00:00.000Z'],
    ['no leap day', '2027-02-28T12:00:00Z', 1, '2027-03-01T12:00:00.000Z'],
    ['a year with a leap day', '2028-01-01T00:00:00Z', 366, '2029-01-01T00:00:00.000Z'],
    ['a century without one', '2100-02-28T00:00:00Z', 1, '2100-03-01T00:00:00.000Z'],
    ['the end of a year', '2026-12-31T23:59:59Z', 1, '2027-01-01T23:59:59.000Z'],
    ['clocks going forward in Europe', '2026-03-28T12:00:00+01:00', 1, '2026-03-29T11:00:00.000Z'],
    ['clocks going back in America', '2026-10-31T12:00:00-04:00', 2, '2026-11-02T16:00:00.000Z'],
  ])('counts days of 86,400 s over %s', (_, lastUse, days, end) => {
    const anchors = { createdAtS: 0, lastActiveAtS: at(lastUse) };
    expect(iso(expiresAt({ kind: 'after_last_active', days }, anchors))).toBe(end);
    const sameLength = { kind: 'after_creation', durationS: days * DAY_S } as const;
    expect(iso(expiresAt(sameLength, { createdAtS: at(lastUse), lastActiveAtS: null }))).toBe(end);
  });

  it('moves with use under one policy only', () => {
    const later = (policy: ExpiryPolicy) =>
      (expiresAt(policy, { createdAtS: 0, lastActiveAtS: 500 }) ?? 0) -
      (expiresAt(policy, { createdAtS: 0, lastActiveAtS: 0 }) ?? 0);
    expect(later({ kind: 'after_last_active', days: 3 })).toBe(500);
    expect(later({ kind: 'after_creation', durationS: 60 })).toBe(0);
    expect(later({ kind: 'at', instantS: 60 })).toBe(0);
  });

  it('counts from the creation before the first use', () => {
    expect(expiresAt({ kind: 'after_last_active', days: 1 }, { createdAtS: 7, lastActiveAtS: null })).toBe(7 + DAY_S);
  });
});

describe('checkPolicy', () => {
  it('returns an accepted policy unchanged and strips unknown fields', () => {
    fc.assert(
      fc.property(anyPolicy, (policy) => {
        expect(checkPolicy({ ...policy, note: 'more' })).toEqual({ isOk: true, value: policy });
      }),
    );
  });

  it.each([
    [{ kind: 'after_last_active', days: 0 }, 'below_minimum'],
    [{ kind: 'after_last_active', days: 36_501 }, 'above_maximum'],
    [{ kind: 'after_last_active', days: 1.5 }, 'not_understood'],
    [{ kind: 'after_last_active', days: '3' }, 'not_understood'],
    [{ kind: 'after_creation', durationS: 59 }, 'below_minimum'],
    [{ kind: 'after_creation', durationS: Number.POSITIVE_INFINITY }, 'not_understood'],
    [{ kind: 'at', instantS: 253_402_300_800 }, 'above_maximum'],
    [{ kind: 'at' }, 'not_understood'],
    [{ kind: 'sometime' }, 'not_understood'],
    [null, 'not_understood'],
    ['never', 'not_understood'],
  ])('rejects %j as %s', (input, code) => {
    expect(checkPolicy(input)).toMatchObject({ isOk: false, code, reason: expect.stringMatching(/\w+/) });
  });

  it('accepts any input without an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ kind: fc.anything(), days: fc.anything() })), (input) => {
        const checked = checkPolicy(input);
        if (checked.isOk) expect(checkPolicy(checked.value)).toEqual(checked);
      }),
    );
  });
});

describe('an expiry edit', () => {
  const current = { kind: 'after_last_active', days: 3 } as const;
  it('keeps what is omitted, clears what is null, replaces what is given', () => {
    expect(applyExpiryEdit(current, undefined)).toBe(current);
    expect(applyExpiryEdit(current, null)).toEqual({ kind: 'never' });
    expect(applyExpiryEdit(current, { kind: 'at', instantS: 9 })).toEqual({ kind: 'at', instantS: 9 });
  });

  it('moves the expiry by exactly the extended days, and nothing else', () => {
    fc.assert(
      fc.property(anyPolicy, anyFacts, fc.integer({ min: 1, max: 100 }), (policy, facts, days) => {
        const extended = extendPolicy(policy, days);
        if (policy.kind === 'never') {
          expect(extended).toMatchObject({ isOk: false, code: 'never_expires' });
        } else if (extended.isOk) {
          expect(extended.value.kind).toBe(policy.kind);
          expect(expiresAt(extended.value, facts)).toBe((expiresAt(policy, facts) ?? 0) + days * DAY_S);
        } else expect(extended.code).toBe('above_maximum');
      }),
    );
  });
});
