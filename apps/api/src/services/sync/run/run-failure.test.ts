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

describe('the error of a run', () => {
  it.each(KINDS)('has the code of its kind and a safe message when it comes from upstream (%s)', (kind) => {
    const cause = new UpstreamError(kind, 'What to do.', { cause: new Error('sk-secret') });
    const failure = toRunFailure(cause);
    expect(failure).toEqual({ code: `upstream_${kind}`, message: 'What to do.' });
    expect(ERROR_TABLE[failure.code]).toBeDefined();
  });

  it('has the public code when the upstream hides its network', () => {
    const cause = new UpstreamError('malformed', 'What to do.', { shownKind: 'unavailable' });
    expect(toRunFailure(cause)).toEqual({ code: 'upstream_unavailable', message: 'What to do.' });
  });

  it('keeps its code when Espejo raised it', () => {
    expect(toRunFailure(new AppError('database_full', 'Free some space.'))).toEqual({
      code: 'database_full',
      message: 'Free some space.',
    });
  });

  it.each([new TypeError('reading sk-secret of undefined'), 'sk-secret', undefined])(
    'reveals no internals when it is unexpected',
    (cause) => {
      const failure = toRunFailure(cause);
      expect(failure.code).toBe('internal');
      expect(failure.message).not.toContain('sk-secret');
    },
  );

  it('ends the run at once for a rejected key only', () => {
    expect(KINDS.filter((kind) => isFatal(new UpstreamError(kind, '')))).toEqual(['unauthorized', 'forbidden']);
  });
});
