import { expect, it } from 'vitest';
import { errorText } from './file-error.ts';

it.each([
  [null, null],
  [{ code: 'server_error', message: 'Try later.' }, 'server_error: Try later.'],
  [{ code: 'unsupported_file' }, 'unsupported_file'],
  [{ reason: 7 }, '{"reason":7}'],
])('formats the error %j as %j', (lastError, text) => {
  expect(errorText(lastError)).toBe(text);
});
