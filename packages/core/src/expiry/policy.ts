/**
 * When a store or file expires. All arithmetic is on unix seconds: a day is 86,400 s, as OpenAI counts, whatever the
 * calendar or a change of clocks.
 */
export type ExpiryPolicy =
  | { readonly kind: 'never' }
  /** Every use moves the expiry. */
  | { readonly kind: 'after_last_active'; readonly days: number }
  | { readonly kind: 'after_creation'; readonly durationS: number }
  | { readonly kind: 'at'; readonly instantS: number };

export const NEVER_EXPIRES: ExpiryPolicy = { kind: 'never' };

export const DAY_S = 86_400;

/** Both ends included. OpenAI's are its own; Espejo's end where instants stop being four-digit years. */
export const EXPIRY_BOUNDS = {
  days: { min: 1, max: 36_500 },
  durationS: { min: 60, max: 36_500 * DAY_S },
  instantS: { min: 1, max: 253_402_300_799 },
  openaiStoreDays: { min: 1, max: 365 },
  openaiFileS: { min: 3_600, max: 2_592_000 },
} as const;

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** A value, or the reason why there is none, as a sentence for the user. */
export type Checked<T> =
  | { readonly isOk: true; readonly value: T }
  | { readonly isOk: false; readonly code: RefusalCode; readonly reason: string };

export type RefusalCode =
  /** No form that is known here. */
  | 'not_understood'
  | 'below_minimum'
  | 'above_maximum'
  /** The expiry has passed, so there is nothing left to count from another anchor. */
  | 'already_expired'
  | 'never_expires';

export const ok = <T>(value: T): Checked<T> => ({ isOk: true, value });
export const refuse = (code: RefusalCode, reason: string): Checked<never> => ({ isOk: false, code, reason });

/** What a policy counts from. Before the first use, the last use is the creation. */
export interface ExpiryAnchors {
  readonly createdAtS: number;
  readonly lastActiveAtS: number | null;
}

/** The instant at which a policy expires something; null: never. */
export function expiresAt(policy: ExpiryPolicy, anchors: ExpiryAnchors): number | null {
  switch (policy.kind) {
    case 'never':
      return null;
    case 'after_last_active':
      return (anchors.lastActiveAtS ?? anchors.createdAtS) + policy.days * DAY_S;
    case 'after_creation':
      return anchors.createdAtS + policy.durationS;
    case 'at':
      return policy.instantS;
  }
}

/**
 * Reads a policy from any value: a known one inside its bounds is accepted, everything else is refused with the reason.
 */
export function checkPolicy(input: unknown): Checked<ExpiryPolicy> {
  if (typeof input !== 'object' || input === null) return refuse('not_understood', 'This is not an expiry policy.');
  const kind: unknown = Reflect.get(input, 'kind');
  if (kind === 'never') return ok(NEVER_EXPIRES);
  if (kind === 'after_last_active') {
    const days = checkWhole(Reflect.get(input, 'days'), EXPIRY_BOUNDS.days, 'days after last use');
    return days.isOk ? ok({ kind, days: days.value }) : days;
  }
  if (kind === 'after_creation') {
    const seconds = checkWhole(Reflect.get(input, 'durationS'), EXPIRY_BOUNDS.durationS, 'seconds after creation');
    return seconds.isOk ? ok({ kind, durationS: seconds.value }) : seconds;
  }
  if (kind === 'at') {
    const instant = checkWhole(
      Reflect.get(input, 'instantS'),
      EXPIRY_BOUNDS.instantS,
      'as the instant in unix seconds',
    );
    return instant.isOk ? ok({ kind, instantS: instant.value }) : instant;
  }
  return refuse(
    'not_understood',
    'An expiry policy is one of never, after_last_active, after_creation and at; this is none of them.',
  );
}

/** A whole number inside its bounds. `noun` completes "between 1 and 365 …". */
export function checkWhole(value: unknown, bounds: Bounds, noun: string): Checked<number> {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    return refuse('not_understood', `It takes a whole number ${noun}.`);
  }
  if (value >= bounds.min && value <= bounds.max) return ok(value);
  return refuse(
    value < bounds.min ? 'below_minimum' : 'above_maximum',
    `It takes between ${bounds.min} and ${bounds.max} ${noun}, not ${value}.`,
  );
}

/** The policy in an edit: omitted (undefined) keeps it, null clears it, a policy replaces it. */
export type ExpiryEdit = ExpiryPolicy | null | undefined;

export function applyExpiryEdit(current: ExpiryPolicy, edit: ExpiryEdit): ExpiryPolicy {
  if (edit === undefined) return current;
  return edit ?? NEVER_EXPIRES;
}

/**
 * The same policy, expiring exactly this many days later. The anchor and the last use stay the same. A policy that
 * never expires cannot be extended.
 */
export function extendPolicy(policy: ExpiryPolicy, days: number): Checked<ExpiryPolicy> {
  switch (policy.kind) {
    case 'never':
      return refuse('never_expires', 'It never expires, so there is nothing to extend.');
    case 'after_last_active':
      return checkPolicy({ ...policy, days: policy.days + days });
    case 'after_creation':
      return checkPolicy({ ...policy, durationS: policy.durationS + days * DAY_S });
    case 'at':
      return checkPolicy({ ...policy, instantS: policy.instantS + days * DAY_S });
  }
}
