/** OpenAI's published price of vector store storage: dollars per GB and day, after a free allowance. GB = 2^30 bytes. */
export interface StorageRates {
  readonly usdPerGbDay: number;
  readonly freeBytes: number;
}

export const PUBLISHED_RATES: StorageRates = { usdPerGbDay: 0.1, freeBytes: 2 ** 30 };

const GB = 2 ** 30;
const DAYS_PER_MONTH = 30;

/** The cost of this many indexed bytes in a month of 30 days, after the project's free allowance. */
export function monthlyCostUsd(usageBytes: number, rates: StorageRates): number {
  return (Math.max(0, usageBytes - rates.freeBytes) / GB) * rates.usdPerGbDay * DAYS_PER_MONTH;
}

/**
 * What a project saves in a month when this many of its indexed bytes are removed: 0 while it stays inside the
 * allowance.
 */
export function monthlySavingsUsd(removedBytes: number, projectBytes: number, rates: StorageRates): number {
  const left = Math.max(0, projectBytes - removedBytes);
  return monthlyCostUsd(projectBytes, rates) - monthlyCostUsd(left, rates);
}

/** One store's share of a project's bill: by its bytes, with the allowance spread over all. */
export function monthlyShareUsd(usageBytes: number, projectBytes: number, rates: StorageRates): number {
  return projectBytes === 0 ? 0 : (usageBytes / projectBytes) * monthlyCostUsd(projectBytes, rates);
}
