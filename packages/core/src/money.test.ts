import { describe, expect, it } from 'vitest';
import { monthlyCostUsd, monthlySavingsUsd, monthlyShareUsd, PUBLISHED_RATES } from './money.ts';

const GB = 2 ** 30;

describe('the price of storage', () => {
  it('is what OpenAI publishes: 100 GB cost $9.90 a day', () => {
    expect(monthlyCostUsd(100 * GB, PUBLISHED_RATES)).toBeCloseTo(9.9 * 30, 9);
  });

  it('is 0 inside the free allowance, and starts with the first byte beyond it', () => {
    expect(monthlyCostUsd(GB, PUBLISHED_RATES)).toBe(0);
    expect(monthlyCostUsd(0, PUBLISHED_RATES)).toBe(0);
    expect(monthlyCostUsd(GB + 1, PUBLISHED_RATES)).toBeGreaterThan(0);
  });

  it('is saved only as far as it was billed', () => {
    expect(monthlySavingsUsd(GB / 2, GB, PUBLISHED_RATES)).toBe(0);
    expect(monthlySavingsUsd(GB, 2 * GB, PUBLISHED_RATES)).toBeCloseTo(3, 9);
    expect(monthlySavingsUsd(5 * GB, 2 * GB, PUBLISHED_RATES)).toBeCloseTo(3, 9);
  });

  it('is shared out by bytes to the last cent', () => {
    const sizes = [GB, 3 * GB, 6 * GB];
    const shares = sizes.map((sizeBytes) => monthlyShareUsd(sizeBytes, 10 * GB, PUBLISHED_RATES));
    expect(shares.reduce((sum, usd) => sum + usd, 0)).toBeCloseTo(monthlyCostUsd(10 * GB, PUBLISHED_RATES), 9);
    expect(monthlyShareUsd(0, 0, PUBLISHED_RATES)).toBe(0);
  });
});
