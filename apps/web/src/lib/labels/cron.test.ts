import { expect, it } from 'vitest';
import { describeCron } from './cron.ts';

it('describes a cron expression, and returns null for an invalid one', () => {
  expect(describeCron('*/5 * * * *')).toBe('Every 5 minutes');
  expect(describeCron('30 3 * * 1-5')).toBe('At 03:30, Monday through Friday');
  expect(describeCron('not a cron')).toBeNull();
  expect(describeCron('')).toBeNull();
});
