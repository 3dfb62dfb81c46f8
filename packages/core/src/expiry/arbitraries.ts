import fc from 'fast-check';
import type { ExpiryFacts } from './convert.ts';
import { DAY_S, EXPIRY_BOUNDS, type ExpiryPolicy } from './policy.ts';

const { days, durationS } = EXPIRY_BOUNDS;
/** 2000-01-01 to 2100-01-01: includes leap days, ends of years and of a century. */
const EPOCH_S = { min: 946_684_800, max: 4_102_444_800 };

/** Leap days, a year without one, ends of years, and changes of clocks in Europe and America. */
const NOTED_S = [
  '2028-02-29T00:00:00Z',
  '2028-03-01T00:00:00Z',
  '2027-03-01T00:00:00Z',
  '2100-03-01T00:00:00Z',
  '2000-02-29T23:59:59Z',
  '2027-01-01T00:00:00Z',
  '2026-03-29T01:00:00Z',
  '2026-10-25T01:00:00Z',
  '2026-03-08T07:00:00Z',
  '2026-11-01T06:00:00Z',
].map((text) => Date.parse(text) / 1000);

/** Instants, one in three at one of those or a second beside it. */
const instantS = fc.oneof(
  { weight: 2, arbitrary: fc.integer(EPOCH_S) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...NOTED_S), fc.integer({ min: -1, max: 1 })).map(([s, n]) => s + n),
  },
);

/** Lengths near the bounds of every form, whole days, and anything. */
const lengthS = fc.oneof(
  fc.integer({ min: durationS.min, max: 40 * DAY_S }),
  fc.integer(durationS),
  fc.integer({ min: 1, max: 400 }).map((n) => n * DAY_S),
  fc.constantFrom(60, 3_599, 3_600, 3_601, 2_591_999, 2_592_000, 2_592_001, 365 * DAY_S, 365 * DAY_S + 1),
);

/** Every policy that is accepted. */
export const anyPolicy: fc.Arbitrary<ExpiryPolicy> = fc.oneof(
  fc.constant({ kind: 'never' } as const),
  fc
    .oneof(fc.integer({ min: 1, max: 400 }), fc.integer(days))
    .map((n) => ({ kind: 'after_last_active', days: n }) as const),
  lengthS.map((n) => ({ kind: 'after_creation', durationS: n }) as const),
  fc
    .oneof(instantS, fc.integer({ min: EPOCH_S.min, max: EPOCH_S.max + 400 * DAY_S }))
    .map((n) => ({ kind: 'at', instantS: n }) as const),
);

/** A thing that was created, perhaps used since, and is looked at later. */
export const anyFacts: fc.Arbitrary<ExpiryFacts> = fc
  .record({
    createdAtS: instantS,
    usedAfterS: fc.option(fc.integer({ min: 0, max: 800 * DAY_S }), { nil: null }),
    lookedAfterS: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 * DAY_S })),
  })
  .map(({ createdAtS, usedAfterS, lookedAfterS }) => ({
    createdAtS,
    lastActiveAtS: usedAfterS === null ? null : createdAtS + usedAfterS,
    nowS: createdAtS + (usedAfterS ?? 0) + lookedAfterS,
  }));
