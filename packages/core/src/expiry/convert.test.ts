import { describe, expect, it } from 'vitest';
import { type ExpiryFacts, fromSource, toFileForm, toStoreForm, toTerraformForm } from './convert.ts';
import { DAY_S } from './policy.ts';

const CREATED_S = Date.UTC(2026, 0, 15, 9) / 1000;
const HOUR_S = 3_600;
const fresh: ExpiryFacts = { createdAtS: CREATED_S, lastActiveAtS: CREATED_S, nowS: CREATED_S };
/** Used 10 days after it was created, looked at 2 days later. */
const used: ExpiryFacts = {
  createdAtS: CREATED_S,
  lastActiveAtS: CREATED_S + 10 * DAY_S,
  nowS: CREATED_S + 12 * DAY_S,
};

describe('the bounds of OpenAI', () => {
  it.each([
    [1, 'exact'],
    [365, 'exact'],
    [366, 'refused'],
  ])('converts %i days after last use to the store form: %s', (days, result) => {
    expect(toStoreForm({ kind: 'after_last_active', days }, used).result).toBe(result);
  });

  it.each([
    [0, false],
    [1, true],
    [365, true],
    [366, false],
    [1.5, false],
  ])('reads a store form of %d days: %s', (days, isOk) => {
    expect(fromSource({ form: 'openai_store', value: { anchor: 'last_active_at', days } }, 0).isOk).toBe(isOk);
  });

  it.each([
    [3_599, 'lossy', 3_600],
    [3_600, 'exact', 3_600],
    [2_592_000, 'exact', 2_592_000],
  ])('converts %i s after creation to the file form: %s', (durationS, result, seconds) => {
    expect(toFileForm({ kind: 'after_creation', durationS }, fresh)).toMatchObject({ result, value: { seconds } });
  });

  it('rejects one second more than 30 days for a file, with a reason', () => {
    expect(toFileForm({ kind: 'after_creation', durationS: 2_592_001 }, fresh)).toEqual({
      result: 'refused',
      refusal: {
        code: 'above_maximum',
        message: 'An OpenAI file can be kept for at most 30 days after creation; this needs 30 days 1 second.',
      },
    });
  });

  it.each([
    [3_599, false],
    [3_600, true],
    [2_592_000, true],
    [2_592_001, false],
  ])('reads a file form of %i s: %s', (seconds, isOk) => {
    expect(fromSource({ form: 'openai_file', value: { anchor: 'created_at', seconds } }, 0).isOk).toBe(isOk);
  });

  it('rejects the anchor of the other form', () => {
    expect(fromSource({ form: 'openai_store', value: { anchor: 'created_at', days: 3 } }, 0)).toMatchObject({
      isOk: false,
      code: 'not_understood',
    });
    expect(fromSource({ form: 'openai_file', value: { anchor: 'last_active_at', seconds: 3600 } }, 0).isOk).toBe(false);
  });
});

describe('policies that a form cannot express', () => {
  it('converts 36 hours after creation to 2 days after last use, with both losses and their instants', () => {
    const endS = CREATED_S + 36 * HOUR_S;
    expect(toStoreForm({ kind: 'after_creation', durationS: 36 * HOUR_S }, fresh)).toEqual({
      result: 'lossy',
      value: { anchor: 'last_active_at', days: 2 },
      expiresAtS: CREATED_S + 2 * DAY_S,
      losses: [
        {
          code: 'anchor_changes',
          message:
            'It counts from last use instead of creation: the same end as of now, but every use from now on moves the end.',
          beforeS: endS,
          afterS: endS,
        },
        {
          code: 'rounded_up',
          message:
            '36 hours become 2 days, rounded up to whole days: the end moves from 2026-01-16 21:00 UTC to 2026-01-17 09:00 UTC.',
          beforeS: endS,
          afterS: CREATED_S + 2 * DAY_S,
        },
      ],
    });
  });

  it('counts from the other anchor to the same expiry', () => {
    // Expires 30 days after creation: 20 days after the last use, which was on day 10.
    expect(toStoreForm({ kind: 'after_creation', durationS: 30 * DAY_S }, used)).toMatchObject({
      value: { days: 20 },
      expiresAtS: CREATED_S + 30 * DAY_S,
    });
    // Expires 5 days after the last use: 15 days after creation.
    expect(toFileForm({ kind: 'after_last_active', days: 5 }, used)).toMatchObject({
      value: { seconds: 15 * DAY_S },
      expiresAtS: CREATED_S + 15 * DAY_S,
    });
    // Expires on day 15, and it is day 12.
    expect(toTerraformForm({ kind: 'after_last_active', days: 5 }, used)).toMatchObject({
      value: { anchor: 'now', days: 3 },
      expiresAtS: CREATED_S + 15 * DAY_S,
    });
  });

  it('rejects a conversion of an expiry that has passed', () => {
    expect(toStoreForm({ kind: 'at', instantS: used.nowS }, used)).toEqual({
      result: 'refused',
      refusal: {
        code: 'already_expired',
        message: 'It ended on 2026-01-27 09:00 UTC; nothing is left to count from last use.',
      },
    });
    expect(toStoreForm({ kind: 'at', instantS: used.nowS + 1 }, used).result).toBe('lossy');
  });

  it('keeps never as never in every form', () => {
    for (const to of [toStoreForm, toFileForm, toTerraformForm]) {
      expect(to({ kind: 'never' }, used)).toEqual({ result: 'exact', value: null, expiresAtS: null });
    }
  });

  it('converts a declaration to a fixed instant, which a second reading does not move', () => {
    expect(fromSource({ form: 'terraform', value: { anchor: 'now', days: 400 } }, used.nowS)).toEqual({
      isOk: true,
      value: { kind: 'at', instantS: used.nowS + 400 * DAY_S },
    });
  });
});
