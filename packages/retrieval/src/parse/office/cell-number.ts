import { format, getFormatFromId, isDateFormat, isValidFormat } from 'numfmt';

const DAY_MS = 86_400_000;
/** Day 0 of the calendar that counts a 29 February 1900, and of the one of old Macintoshes. */
const EPOCH_1900_MS = Date.UTC(1899, 11, 30);
const EPOCH_1904_MS = Date.UTC(1904, 0, 1);
const DAYS_MAX = 2_958_466;
/** The digits of a number in a sheet; a longer one is shown with its own digits. */
const DIGITS_MAX = 15;
const ELAPSED = /\[(?:h+|m+|s+)\]/i;
const GENERAL = 'General';

/** How a cell style shows a number. */
export interface NumberFormat {
  readonly code: string;
  readonly kind: 'general' | 'date' | 'other';
}

/** The built-in formats of every workbook (ECMA-376 part 1, 18.8.30), including dates of East Asian editions. */
const BUILT_IN_MAX = 49;
const EAST_ASIAN_DATES = new Set([27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58]);

const GENERAL_FORMAT: NumberFormat = { code: GENERAL, kind: 'general' };

/** The format of a style by its number and, for a workbook's own formats, its code. */
export function numberFormatOf(id: number, code: string | undefined): NumberFormat {
  if (code === undefined && EAST_ASIAN_DATES.has(id)) return { code: GENERAL, kind: 'date' };
  const pattern = code ?? (id <= BUILT_IN_MAX ? getFormatFromId(id) : GENERAL) ?? GENERAL;
  if (typeof pattern !== 'string' || !isValidFormat(pattern) || /^general$/i.test(pattern.trim()))
    return GENERAL_FORMAT;
  // Elapsed time is shown in hours beyond 24; it has no date.
  if (ELAPSED.test(pattern)) return { code: pattern, kind: 'other' };
  return { code: pattern, kind: isDateFormat(pattern) ? 'date' : 'other' };
}

/**
 * A cell's number as the sheet shows it: durations, percents, leading zeros and units by its format, dates in ISO form,
 * every digit of a number too long for arithmetic, and no digits that only floating point produced.
 */
export function numberText(raw: string, { code, kind }: NumberFormat, is1904: boolean): string {
  const value = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(value)) return raw;
  if (kind === 'date' && value >= 0 && value < DAYS_MAX) return dateText(value, is1904);
  if (kind === 'other' && !isTooLong(raw)) {
    const shown = shownAs(value, code);
    // A format may hide a number, but its cell still has it.
    if (shown !== '') return shown;
  }
  return isTooLong(raw) ? raw : String(Number(value.toPrecision(DIGITS_MAX)));
}

function isTooLong(raw: string): boolean {
  return /^[+-]?\d+$/.test(raw) && raw.replace(/^[+-]?0*/, '').length > DIGITS_MAX;
}

function shownAs(value: number, code: string): string {
  try {
    return format(code, value, { throws: true }).trim();
  } catch {
    return '';
  }
}

function dateText(days: number, is1904: boolean): string {
  const ms = (is1904 ? EPOCH_1904_MS : EPOCH_1900_MS) + Math.round(days * 86_400) * 1000;
  const iso = new Date(ms).toISOString();
  const time = iso.slice(11, 19);
  if (days < 1) return time;
  return ms % DAY_MS === 0 ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${time}`;
}
