import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { parseDurationS, parseInstantS, parsePolicy } from './parse.ts';
import { EXPIRY_BOUNDS } from './policy.ts';

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

describe('durations', () => {
  it.each([
    ['PT36H', 129_600],
    ['P30D', 2_592_000],
    ['P2W', 1_209_600],
    ['P1DT1H1M1S', 90_061],
    ['PT90M', 5_400],
    [' PT60S ', 60],
    [3_600, 3_600],
  ])('reads %s as %i s', (text, seconds) => {
    expect(parseDurationS(text)).toEqual({ isOk: true, value: seconds });
  });

  it.each([
    ['P1Y', 'no fixed length'],
    ['P1M', 'no fixed length'],
    ['P1Y2M10DT2H30M', 'no fixed length'],
    ['PT0.5H', 'whole units'],
    ['PT', 'whole units'],
    ['P1DT', 'whole units'],
    ['P', 'whole units'],
    ['1 day', 'whole units'],
    ['-P1D', 'whole units'],
    ['P1W2D', 'whole units'],
    ['PT59S', 'between 60'],
    ['P36501D', 'between 60'],
    ['PT999999999999S', 'between 60'],
    [`P${'9'.repeat(100)}D`, 'whole units'],
    [1.5, 'whole number'],
    [Number.NaN, 'whole number'],
  ])('rejects %s', (text, why) => {
    expect(parseDurationS(text)).toMatchObject({ isOk: false, reason: expect.stringContaining(why) });
  });

  it('are the same in seconds and in ISO 8601, for every length', () => {
    fc.assert(
      fc.property(fc.integer(EXPIRY_BOUNDS.durationS), (seconds) => {
        expect(parseDurationS(`PT${seconds}S`)).toEqual(parseDurationS(seconds));
      }),
    );
  });
});

describe('instants', () => {
  it.each([
    ['2027-01-31T23:59:00Z', Date.UTC(2027, 0, 31, 23, 59)],
    ['2027-01-31T23:59Z', Date.UTC(2027, 0, 31, 23, 59)],
    ['2028-02-29T00:00:00Z', Date.UTC(2028, 1, 29)],
    ['2026-12-31T23:30:00-02:00', Date.UTC(2027, 0, 1, 1, 30)],
    ['2026-03-29T02:30:00+01:00', Date.UTC(2026, 2, 29, 1, 30)],
    ['2026-01-01t00:00:00.000z', Date.UTC(2026, 0, 1)],
  ])('reads %s', (text, ms) => {
    expect(parseInstantS(text)).toEqual({ isOk: true, value: ms / 1000 });
  });

  it.each([
    ['2027-02-29T00:00:00Z', 'no instant'],
    ['2100-02-29T00:00:00Z', 'no instant'],
    ['2027-01-31T24:00:00Z', 'no instant'],
    ['2026-12-31T23:59:60Z', 'no instant'],
    ['2027-13-01T00:00:00Z', 'no instant'],
    ['2027-01-01T00:00:00+15:00', 'no instant'],
    ['2027-01-01T00:00:00+01:60', 'no instant'],
    ['2027-01-31T23:59:00', 'offset'],
    ['2027-01-31', 'offset'],
    ['tomorrow', 'offset'],
    ['2027-01-31T23:59:00.5Z', 'whole second'],
    ['1960-01-01T00:00:00Z', 'between 1'],
    ['0050-01-01T00:00:00Z', 'no instant'],
  ])('rejects %s', (text, why) => {
    expect(parseInstantS(text)).toMatchObject({ isOk: false, reason: expect.stringContaining(why) });
  });

  it('do not depend on the time zone, at every change of clocks', () => {
    for (const place of ['America/New_York', 'Europe/Madrid', 'Australia/Lord_Howe', 'Asia/Kathmandu']) {
      process.env.TZ = place;
      fc.assert(
        fc.property(fc.integer({ min: 946_684_800, max: 4_102_444_799 }), (instantS) => {
          const text = new Date(instantS * 1000).toISOString();
          expect(parseInstantS(text)).toEqual({ isOk: true, value: instantS });
        }),
      );
    }
  });
});

it('are read from any text without an exception, and only accepted inside the bounds', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[PTYMWDHS0-9.:Z+-]{0,30}$/));
  fc.assert(
    fc.property(text, (written) => {
      const duration = parsePolicy({ kind: 'after_creation', durationS: written });
      const instant = parsePolicy({ kind: 'at', instantS: written });
      if (duration.isOk) expect(duration.value).toMatchObject({ kind: 'after_creation' });
      if (instant.isOk) expect(instant.value).toMatchObject({ kind: 'at' });
    }),
  );
});
