import { AppError } from '@espejo/core';
import { UpstreamError, UpstreamRefused } from '@espejo/upstream';
import { describe, expect, it } from 'vitest';
import { judgeTrouble } from './judge-trouble.ts';

describe('judgeTrouble', () => {
  it.each([
    ['gone', 'file'],
    ['malformed', 'file'],
    ['unauthorized', 'park'],
    ['forbidden', 'park'],
    ['rate_limited', 'pause'],
    ['unavailable', 'pause'],
  ] as const)('upstream %s: %s', (kind, type) => {
    expect(judgeTrouble(new UpstreamError(kind, 'words'))).toMatchObject({ type });
  });

  it('knows what is about one file, what passes, and what is about all', () => {
    expect(judgeTrouble(new UpstreamRefused('malformed', 'no'))).toMatchObject({ type: 'file', state: 'failed' });
    expect(judgeTrouble(new AppError('limit_exceeded', 'full'))).toMatchObject({ type: 'file', reason: 'full' });
    expect(judgeTrouble(new AppError('database_busy', 'busy'))).toMatchObject({ type: 'pause' });
    expect(judgeTrouble(new AppError('vector_store_trashed', 'gone'))).toMatchObject({ type: 'park' });
  });

  it('does not judge what nobody foresaw, and what is no longer its own', () => {
    expect(judgeTrouble(new Error('oops'))).toBeUndefined();
    expect(judgeTrouble(new AppError('lease_lost', 'not ours'))).toBeUndefined();
  });
});
