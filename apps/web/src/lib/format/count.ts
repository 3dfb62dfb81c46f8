const WHOLE = new Intl.NumberFormat('en-US');
const ONE_DIGIT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** Shown for an unknown value. */
export const NONE = '—';

/** 12345 as "12,345". */
export function formatCount(value: number | null): string {
  return value === null ? NONE : WHOLE.format(value);
}

/** A rate or average with at most one decimal. */
export function formatDecimal(value: number): string {
  return ONE_DIGIT.format(value);
}

/** "1 store", "2,000 stores". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${WHOLE.format(count)} ${count === 1 ? one : many}`;
}
