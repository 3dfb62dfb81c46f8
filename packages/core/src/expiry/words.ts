import { DAY_S, type ExpiryAnchors, type ExpiryPolicy } from './policy.ts';
import { EXPIRED, type ExpiryStanding } from './state.ts';

const UNITS = [
  [DAY_S, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;
/** The limit of a Date. */
const DATE_S_MAX = 8.64e12;

export interface DescribedExpiry extends ExpiryAnchors, ExpiryStanding {
  /** Null: upstream has a rule that this version does not know. */
  readonly policy: ExpiryPolicy | null;
  readonly nowS: number;
}

/**
 * An expiry as text, first its anchor and then the elapsed time: "30 days after last use; last use 3 days ago". Says
 * "expired" of a mirror only when upstream said so.
 */
export function describeExpiry(expiry: DescribedExpiry): string {
  const { expiresAtS, nowS } = expiry;
  if (expiresAtS === null && expiry.status !== EXPIRED) {
    return expiry.policy === null
      ? 'Expires by a rule of OpenAI that Espejo does not know'
      : describePolicy(expiry.policy, expiry);
  }
  const rule = expiry.policy === null ? null : describePolicy(expiry.policy, expiry);
  const parts = [rule, standingWords(expiry, expiresAtS, nowS)].filter((part) => part !== null);
  return parts.join('; ');
}

/** The rule alone, without where it has come to: "36 hours after creation; created 2 hours ago". */
export function describePolicy(
  policy: ExpiryPolicy,
  { createdAtS, lastActiveAtS, nowS }: ExpiryAnchors & { readonly nowS: number },
): string {
  switch (policy.kind) {
    case 'never':
      return 'Never expires';
    case 'after_last_active':
      return `${spanWords(policy.days * DAY_S)} after last use; ${
        lastActiveAtS === null
          ? `not used since it was created ${agoWords(nowS - createdAtS)}`
          : `last use ${agoWords(nowS - lastActiveAtS)}`
      }`;
    case 'after_creation':
      return `${spanWords(policy.durationS)} after creation; created ${agoWords(nowS - createdAtS)}`;
    case 'at':
      return `On ${instantWords(policy.instantS)}`;
  }
}

function standingWords(expiry: DescribedExpiry, expiresAtS: number | null, nowS: number): string {
  const isOver = expiresAtS !== null && expiresAtS <= nowS;
  if (expiry.status === EXPIRED || (expiry.isPrimary && isOver)) {
    return isOver ? `expired ${agoWords(nowS - expiresAtS)}` : 'expired';
  }
  if (isOver) return 'due now, when OpenAI says so';
  return `expires in ${roughWords((expiresAtS ?? nowS) - nowS)}`;
}

/** A span to the second, in its units: "36 hours", "1 day 1 second". */
export function spanWords(spanS: number): string {
  // Up to three days, whole hours read better: 36 hours, but 30 days.
  if (spanS > 0 && spanS % 3_600 === 0 && spanS < 3 * DAY_S && spanS % DAY_S !== 0) return count(spanS / 3_600, 'hour');
  const parts: string[] = [];
  let restS = Math.max(0, Math.round(spanS));
  for (const [unitS, name] of UNITS) {
    const n = Math.floor(restS / unitS);
    restS -= n * unitS;
    if (n > 0) parts.push(count(n, name));
  }
  return parts.length === 0 ? '0 seconds' : parts.join(' ');
}

/** How long ago, in its largest unit. An instant in the future is due to clock skew and counts as just now. */
export function agoWords(elapsedS: number): string {
  return elapsedS < 60 ? 'just now' : `${roughWords(elapsedS)} ago`;
}

/** A span in its largest unit, rounded down, so that it never shows more time than there is. */
export function roughWords(spanS: number): string {
  for (const [unitS, name] of UNITS) {
    if (name !== 'second' && spanS >= unitS) return count(Math.floor(spanS / unitS), name);
  }
  return 'less than a minute';
}

/** "2027-01-31 23:59 UTC", with seconds if they are not 0. */
export function instantWords(instantS: number): string {
  if (Math.abs(instantS) > DATE_S_MAX) return `second ${instantS} of unix time`;
  const iso = new Date(instantS * 1000).toISOString();
  const [date = '', time = ''] = iso.split('T');
  const end = time.slice(5, 8) === ':00' ? 5 : 8;
  return `${date} ${time.slice(0, end)} UTC`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
