import { formatCount, NONE } from './count.ts';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes in decimal units, three significant digits: 999 "999 B", 1536 "1.54 kB", 2.5e12 "2.5 TB". */
export function formatBytes(sizeBytes: number | null): string {
  if (sizeBytes === null) return NONE;
  let value = sizeBytes;
  let unit = 0;
  // 999.5 would print as "1000", so the next unit is used as soon as rounding would need a fourth digit.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${UNITS[unit]}`;
}

/** The exact size, for hover: "1,536 bytes". */
export function formatExactBytes(sizeBytes: number | null): string {
  if (sizeBytes === null) return 'Size unknown';
  return `${formatCount(sizeBytes)} ${sizeBytes === 1 ? 'byte' : 'bytes'}`;
}
