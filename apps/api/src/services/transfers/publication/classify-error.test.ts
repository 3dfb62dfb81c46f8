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
  ] as const)('turns upstream %s into %s', (kind, type) => {
    expect(classifyError(new UpstreamError(kind, 'words'))).toMatchObject({ type });
  });

  it('separates errors of one file, temporary errors, and errors of the whole transfer', () => {
    expect(classifyError(new UpstreamRefused('malformed', 'no'))).toMatchObject({ type: 'file' });
    expect(classifyError(new AppError('limit_exceeded', 'full'))).toMatchObject({ type: 'file', reason: 'full' });
    expect(classifyError(new AppError('database_busy', 'busy'))).toMatchObject({ type: 'pause' });
    expect(classifyError(new AppError('vector_store_trashed', 'gone'))).toMatchObject({ type: 'park' });
  });

  it('leaves unexpected errors and a lost lease to the caller', () => {
    expect(classifyError(new Error('oops'))).toBeUndefined();
    expect(classifyError(new AppError('lease_lost', 'not ours'))).toBeUndefined();
  });
});
