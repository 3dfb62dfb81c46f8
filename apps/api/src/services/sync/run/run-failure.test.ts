import { AppError, ERROR_TABLE } from '@espejo/core';
import { UpstreamError, type UpstreamErrorKind } from '@espejo/upstream';
import { describe, expect, it } from 'vitest';
import { isFatal, toRunFailure } from './run-failure.ts';

const KINDS: readonly UpstreamErrorKind[] = [
  'gone',
  'unauthorized',
  'forbidden',
  'rate_limited',
  'unavailable',
  'malformed',
];

describe('the failure of a run', () => {
  it.each(KINDS)('of upstream (%s) has the code of its kind and a message that is safe to show', (kind) => {
    const cause = new UpstreamError(kind, 'What to do.', { cause: new Error('sk-secret') });
    const failure = toRunFailure(cause);
    expect(failure).toEqual({ code: `upstream_${kind}`, message: 'What to do.' });
    expect(ERROR_TABLE[failure.code]).toBeDefined();
  });

  it('of an upstream that hides its network has the code it is shown under', () => {
    const cause = new UpstreamError('malformed', 'What to do.', { shownKind: 'unavailable' });
    expect(toRunFailure(cause)).toEqual({ code: 'upstream_unavailable', message: 'What to do.' });
  });

  it('of our own keeps its code', () => {
    expect(toRunFailure(new AppError('database_full', 'Free some space.'))).toEqual({
      code: 'database_full',
      message: 'Free some space.',
    });
  });

  it.each([new TypeError('reading sk-secret of undefined'), 'sk-secret', undefined])(
    'that nobody expected says nothing of its inside',
    (cause) => {
      const failure = toRunFailure(cause);
      expect(failure.code).toBe('internal');
      expect(failure.message).not.toContain('sk-secret');
    },
  );

  it('only a refused key ends a run at once', () => {
    expect(KINDS.filter((kind) => isFatal(new UpstreamError(kind, '')))).toEqual(['unauthorized', 'forbidden']);
  });
});
