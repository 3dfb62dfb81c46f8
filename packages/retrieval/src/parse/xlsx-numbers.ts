import { readXml } from './read-xml.ts';

/** Formats that every workbook has without saying so. */
const BUILT_IN_DATES = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);
const DAY_MS = 86_400_000;
/** Day 0 of the calendar that counts a 29 February 1900, and of the one of old Macintoshes. */
const EPOCH_1900_MS = Date.UTC(1899, 11, 30);
const EPOCH_1904_MS = Date.UTC(1904, 0, 1);
const DAYS_MAX = 2_958_466;

/** For each cell style, whether it shows a number as a date or a time. */
export async function dateStylesOf(source: AsyncIterable<string>): Promise<boolean[]> {
  const dateFormats = new Set(BUILT_IN_DATES);
  const styles: boolean[] = [];
  let isInCellFormats = false;
  await readXml(source, {
    open(name, attributes) {
      if (name === 'numFmt' && isDateFormat(attributes.formatCode ?? '')) {
        dateFormats.add(Number(attributes.numFmtId));
      }
      if (name === 'cellXfs') isInCellFormats = true;
      if (name === 'xf' && isInCellFormats) styles.push(dateFormats.has(Number(attributes.numFmtId)));
    },
    close(name) {
      if (name === 'cellXfs') isInCellFormats = false;
    },
  });
  return styles;
}

/** A cell's number as a person reads it: dates in ISO form, no digits that only floating point put there. */
export function numberText(raw: string, options: { readonly isDate: boolean; readonly is1904: boolean }): string {
  const value = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(value)) return raw;
  if (options.isDate && value >= 0 && value < DAYS_MAX) return dateText(value, options.is1904);
  return String(Number(value.toPrecision(15)));
}

function dateText(days: number, is1904: boolean): string {
  const ms = (is1904 ? EPOCH_1904_MS : EPOCH_1900_MS) + Math.round(days * 86_400) * 1000;
  const iso = new Date(ms).toISOString();
  const time = iso.slice(11, 19);
  if (days < 1) return time;
  return ms % DAY_MS === 0 ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${time}`;
}

function isDateFormat(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '');
  return /[ymdhs]/i.test(bare) && !/general/i.test(bare);
}
