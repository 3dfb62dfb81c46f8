import { describe, expect, it } from 'vitest';
import { formatCount, formatDecimal, plural } from './count.ts';

describe('counts', () => {
  it('groups thousands and shows a dash for an unknown number', () => {
    expect(formatCount(0)).toBe('0');
    expect(formatCount(1234567)).toBe('1,234,567');
    expect(formatCount(null)).toBe('—');
  });

  it('rounds to at most one decimal', () => {
    expect(formatDecimal(12.345)).toBe('12.3');
    expect(formatDecimal(120)).toBe('120');
  });

  it('uses the singular for one and the plural otherwise, also for irregular nouns', () => {
    expect(plural(1, 'store')).toBe('1 store');
    expect(plural(0, 'store')).toBe('0 stores');
    expect(plural(2000, 'entry', 'entries')).toBe('2,000 entries');
  });
});
