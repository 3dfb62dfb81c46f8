import { AppError } from '@espejo/core';
import { UpstreamError, UpstreamRefused } from '@espejo/upstream';
import { describe, expect, it } from 'vitest';
import { classifyAttachError } from './classify-attachment.ts';

describe('classifyAttachError', () => {
  it.each([
    ['a 404 that names the file', new UpstreamError('gone', 'x', { httpStatus: 404 }), { type: 'not_found' }],
    ['a 404 that names nothing', new UpstreamError('malformed', 'x', { httpStatus: 404 }), { type: 'not_found' }],
    [
      'a rejection',
      new UpstreamRefused('malformed', 'no csv', { httpStatus: 400 }),
      { type: 'take_back', reason: 'no csv' },
    ],
    [
      'another 4xx',
      new UpstreamError('malformed', 'too large', { httpStatus: 413 }),
      { type: 'take_back', reason: 'too large' },
    ],
    ['a success in another form', new UpstreamError('malformed', 'x'), { type: 'attached' }],
    ['an incomplete success', new UpstreamError('malformed', 'x', { httpStatus: 200 }), { type: 'attached' }],
    ['no answer', new UpstreamError('unavailable', 'x', { httpStatus: 503 }), null],
    ['a rejected key', new UpstreamError('unauthorized', 'x', { httpStatus: 401 }), null],
    ['a rate limit', new UpstreamError('rate_limited', 'x', { httpStatus: 429 }), null],
    ["an error that is not upstream's", new AppError('lease_lost', 'x'), null],
  ])('classifies %s', (_, cause, expected) => {
    expect(classifyAttachError(cause)).toEqual(expected);
  });
});
