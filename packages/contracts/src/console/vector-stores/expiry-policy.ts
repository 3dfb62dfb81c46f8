import { z } from 'zod';
import { LIMITS } from '../../limits.ts';

const Days = z.int().min(1).max(LIMITS.expiryDaysMax);
const DurationS = z.int().min(LIMITS.expiryDurationSMin).max(LIMITS.expiryDurationSMax);
const InstantS = z.int().min(1).max(LIMITS.expiryInstantSMax);
const IsoText = z.string().min(1).max(64);

const Never = z.strictObject({ kind: z.literal('never') });
const AfterLastActive = z.strictObject({
  kind: z.literal('after_last_active'),
  days: Days.describe('Of 86,400 s each; every use moves the end'),
});

/** When a store expires, in Espejo's form. */
export const ExpiryPolicy = z
  .discriminatedUnion('kind', [
    Never,
    AfterLastActive,
    z.strictObject({ kind: z.literal('after_creation'), durationS: DurationS }),
    z.strictObject({ kind: z.literal('at'), instantS: InstantS.describe('Unix seconds') }),
  ])
  .meta({ id: 'ExpiryPolicy' });
export type ExpiryPolicy = z.infer<typeof ExpiryPolicy>;

/**
 * The same in written form: durations and instants also in ISO 8601. A value out of bounds is rejected with the reason.
 */
export const WrittenExpiryPolicy = z
  .discriminatedUnion('kind', [
    Never,
    AfterLastActive,
    z.strictObject({
      kind: z.literal('after_creation'),
      durationS: z
        .union([z.int(), IsoText])
        .describe('Seconds, or an ISO 8601 duration in weeks, days, hours, minutes and seconds: PT36H, P30D'),
    }),
    z.strictObject({
      kind: z.literal('at'),
      instantS: z
        .union([z.int(), IsoText])
        .describe('Unix seconds, or an ISO 8601 instant with Z or an offset: 2027-01-31T23:59:00Z'),
    }),
  ])
  .meta({ id: 'WrittenExpiryPolicy' });
export type WrittenExpiryPolicy = z.infer<typeof WrittenExpiryPolicy>;

/** `expires_after` of an OpenAI vector store. */
export const OpenAiStoreExpiry = z.strictObject({
  anchor: z.literal('last_active_at'),
  days: z.int().min(LIMITS.expiresAfterDaysMin).max(LIMITS.expiresAfterDaysMax),
});

/** `expires_after` of an OpenAI file. */
export const OpenAiFileExpiry = z.strictObject({
  anchor: z.literal('created_at'),
  seconds: z.int().min(LIMITS.fileExpirySecondsMin).max(LIMITS.fileExpirySecondsMax),
});

/** The form of a declaration: days from the moment it is applied. */
export const TerraformExpiry = z.strictObject({ anchor: z.literal('now'), days: Days });

export const ExpiryState = z
  .enum(['none', 'counting', 'soon', 'expired'])
  .describe('soon: within the warning time; of a mirror only upstream says expired');
export type ExpiryState = z.infer<typeof ExpiryState>;
