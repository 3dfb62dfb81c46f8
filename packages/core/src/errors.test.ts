import { describe, expect, it } from 'vitest';
import { AppError, ERROR_TABLE, type ErrorCode, vectorStoreReadOnly } from './errors.ts';

/** Refused only while something else is at work, or until a quota is whole again. */
const OF_THE_MOMENT: ReadonlySet<string> = new Set([
  'sign_in_throttled',
  'sync_already_running',
  'connection_busy',
  'rate_limit_exceeded',
  'too_many_uploads',
]);

const entries = Object.entries(ERROR_TABLE) as [ErrorCode, { status: number; isRetryable: boolean }][];

describe('the error table', () => {
  it.each(entries)('%s: an AppError takes status and retry from it', (code, { status, isRetryable }) => {
    const cause = new Error('inner');
    const error = new AppError(code, 'What to do.', { cause });
    expect(error).toMatchObject({ name: 'AppError', code, status, isRetryable, message: 'What to do.', cause });
  });

  it('codes are snake_case and statuses are errors', () => {
    for (const [code, { status }] of entries) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
    }
  });

  it('a refusal of what was asked is not worth trying again; one of the moment is', () => {
    for (const [code, { status, isRetryable }] of entries) {
      if (status < 500) expect([code, isRetryable]).toEqual([code, OF_THE_MOMENT.has(code)]);
      if (status === 503) expect([code, isRetryable]).toEqual([code, true]);
    }
  });
});

it('an edit of a mirror is refused with 403, which clients do not retry, and says what to do instead', () => {
  const error = vectorStoreReadOnly('vs_1');
  expect(error).toMatchObject({ code: 'vector_store_read_only', status: 403, isRetryable: false });
  expect(error.message).toContain("'vs_1'");
  expect(error.message).toContain('Edit it in the OpenAI project');
});
