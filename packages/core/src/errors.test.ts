import { describe, expect, it } from 'vitest';
import { AppError, ERROR_TABLE, type ErrorCode, vectorStoreReadOnly } from './errors.ts';

/** Rejected only while other work is running, or until a quota resets. */
const OF_THE_MOMENT: ReadonlySet<string> = new Set([
  'sign_in_throttled',
  'sync_already_running',
  'connection_busy',
  'rate_limit_exceeded',
  'too_many_uploads',
]);

const entries = Object.entries(ERROR_TABLE) as [ErrorCode, { status: number; isRetryable: boolean }][];

describe('the error table', () => {
  it.each(entries)('gives an AppError its status and retry flag: %s', (code, { status, isRetryable }) => {
    const cause = new Error('inner');
    const error = new AppError(code, 'What to do.', { cause });
    expect(error).toMatchObject({ name: 'AppError', code, status, isRetryable, message: 'What to do.', cause });
  });

  it('has codes in snake_case and statuses of errors', () => {
    for (const [code, { status }] of entries) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
    }
  });

  it('marks a rejection of the request itself as not retryable, and a temporary one as retryable', () => {
    for (const [code, { status, isRetryable }] of entries) {
      if (status < 500) expect([code, isRetryable]).toEqual([code, OF_THE_MOMENT.has(code)]);
      if (status === 503) expect([code, isRetryable]).toEqual([code, true]);
    }
  });
});

it('rejects an edit of a mirror with 403, which clients do not retry, and says what to do instead', () => {
  const error = vectorStoreReadOnly('vs_1');
  expect(error).toMatchObject({ code: 'vector_store_read_only', status: 403, isRetryable: false });
  expect(error.message).toContain("'vs_1'");
  expect(error.message).toContain('Edit it in the OpenAI project');
});
