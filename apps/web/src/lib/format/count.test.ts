import { describe, expect, it } from 'vitest';
import { formatCount, formatDecimal, plural } from './count.ts';

describe('counts', () => {
  it('groups thousands and shows a dash for the unknown', () => {
    expect(formatCount(0)).toBe('0');
    expect(formatCount(1234567)).toBe('1,234,567');
    expect(formatCount(null)).toBe('—');
  });

  it('keeps at most one decimal', () => {
    expect(formatDecimal(12.345)).toBe('12.3');
    expect(formatDecimal(120)).toBe('120');
  });

  it('agrees in number, irregular words included', () => {
    expect(plural(1, 'store')).toBe('1 store');
    expect(plural(0, 'store')).toBe('0 stores');
    expect(plural(2000, 'entry', 'entries')).toBe('2,000 entries');
  });
});
