import { AppError } from '@espejo/core';
import { UpstreamError, UpstreamRefused } from '@espejo/upstream';
import { describe, expect, it } from 'vitest';
import { classifyError } from './classify-error.ts';

describe('classifyError', () => {
  it.each([
    ['gone', 'pause'],
    ['malformed', 'file'],
    ['unauthorized', 'park'],
    ['forbidden', 'park'],
    ['rate_limited', 'pause'],
    ['unavailable', 'pause'],
  ] as const)('upstream %s: %s', (kind, type) => {
    expect(classifyError(new UpstreamError(kind, 'words'))).toMatchObject({ type });
  });

  it('knows what is about one file, what passes, and what is about all', () => {
    expect(classifyError(new UpstreamRefused('malformed', 'no'))).toMatchObject({ type: 'file' });
    expect(classifyError(new AppError('limit_exceeded', 'full'))).toMatchObject({ type: 'file', reason: 'full' });
    expect(classifyError(new AppError('database_busy', 'busy'))).toMatchObject({ type: 'pause' });
    expect(classifyError(new AppError('vector_store_trashed', 'gone'))).toMatchObject({ type: 'park' });
  });

  it('does not judge what nobody foresaw, and what is no longer its own', () => {
    expect(classifyError(new Error('oops'))).toBeUndefined();
    expect(classifyError(new AppError('lease_lost', 'not ours'))).toBeUndefined();
  });
});
