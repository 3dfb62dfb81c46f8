import { describe, expect, it } from 'vitest';
import { formatBytes, formatExactBytes } from './bytes.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1536, '1.54 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [1_048_576, '1.05 MB'],
    [2_500_000_000_000, '2.5 TB'],
    [9e15, '9 PB'],
    [9e18, '9000 PB'],
  ])('formats %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('shows a dash when the size is unknown', () => {
    expect(formatBytes(null)).toBe('—');
    expect(formatExactBytes(null)).toBe('Size unknown');
  });

  it('formats the exact size for hover', () => {
    expect(formatExactBytes(1_234_567)).toBe('1,234,567 bytes');
    expect(formatExactBytes(1)).toBe('1 byte');
  });
});
