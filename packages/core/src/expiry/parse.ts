import { type Checked, checkPolicy, checkWhole, DAY_S, EXPIRY_BOUNDS, type ExpiryPolicy, refuse } from './policy.ts';

const TEXT_MAX = 64;
const DURATION = /^P(?:(\d{1,9})W|(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,12})S)?)?)$/;
const HAS_YEARS_OR_MONTHS = /^P[^T]*[YM]/;
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * A duration in seconds, or in ISO 8601 (`PT36H`, `P30D`, `P2W`). Years and months are refused because they have no
 * fixed length, and so are fractions.
 */
export function parseDurationS(input: number | string): Checked<number> {
  if (typeof input === 'number') return checkWhole(input, EXPIRY_BOUNDS.durationS, 'seconds');
  const text = input.trim();
  const parts = text.length > TEXT_MAX ? null : DURATION.exec(text);
  if (parts !== null && text !== 'P' && !text.endsWith('T')) {
    const [weeks, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
    const totalS =
      ((weeks ?? 0) * 7 + (days ?? 0)) * DAY_S + (hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0);
    return checkWhole(totalS, EXPIRY_BOUNDS.durationS, 'seconds');
  }
  return refuse(
    'not_understood',
    HAS_YEARS_OR_MONTHS.test(text)
      ? 'A year or a month has no fixed length. Write the duration in days: P30D.'
      : 'Write a duration in seconds, or in whole units of ISO 8601: PT36H, P30D, P2W.',
  );
}

/**
 * An instant in unix seconds, or in ISO 8601 with `Z` or an offset. A local time without either is refused, because its
 * time zone is unknown.
 */
export function parseInstantS(input: number | string): Checked<number> {
  if (typeof input === 'number') return checkWhole(input, EXPIRY_BOUNDS.instantS, 'unix seconds');
  const text = input.trim();
  const parts = text.length > TEXT_MAX ? null : INSTANT.exec(text);
  if (parts === null) {
    return refuse(
      'not_understood',
      'Write an instant in unix seconds, or in ISO 8601 with its offset: 2027-01-31T23:59:00Z.',
    );
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0] = parts
    .slice(1, 8)
    .map((part) => Number(part ?? 0));
  if (fraction !== 0) return refuse('not_understood', 'An instant is a whole second; leave the fraction out.');
  const utcMs = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(utcMs);
  // Date.UTC carries over what does not exist (30 February, 24:00, second 60), so the result is compared with the
  // input.
  const isReal =
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  const offsetS = parseOffsetS(parts[8] ?? 'Z');
  if (!isReal || offsetS === undefined) return refuse('not_understood', `There is no instant '${text}'.`);
  return checkWhole(utcMs / 1000 - offsetS, EXPIRY_BOUNDS.instantS, 'unix seconds');
}

/** Seconds east of UTC; no time zone is further off than 14 hours. */
function parseOffsetS(text: string): number | undefined {
  if (text.toUpperCase() === 'Z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(4, 6));
  if (minutes > 14 * 60 || Number(text.slice(4, 6)) > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * minutes * 60;
}

/** A policy as it is written in requests and forms: durations and instants as numbers or as ISO 8601 texts. */
export type WrittenPolicy =
  | { readonly kind: 'never' }
  | { readonly kind: 'after_last_active'; readonly days: number }
  | { readonly kind: 'after_creation'; readonly durationS: number | string }
  | { readonly kind: 'at'; readonly instantS: number | string };

/** Parses a written policy exactly, or refuses it with the reason. */
export function parsePolicy(written: WrittenPolicy): Checked<ExpiryPolicy> {
  if (written.kind === 'after_creation') {
    const duration = parseDurationS(written.durationS);
    return duration.isOk ? checkPolicy({ kind: written.kind, durationS: duration.value }) : duration;
  }
  if (written.kind === 'at') {
    const instant = parseInstantS(written.instantS);
    return instant.isOk ? checkPolicy({ kind: written.kind, instantS: instant.value }) : instant;
  }
  return checkPolicy(written);
}
