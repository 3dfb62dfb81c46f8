import { AppError } from '@espejo/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor, NUMBER_KEY, TEXT_KEY } from './cursor.ts';

const keys = fc.oneof(
  fc.record({ shape: fc.constant(TEXT_KEY), values: fc.tuple(fc.string({ unit: 'grapheme' }), fc.string()) }),
  fc.record({ shape: fc.constant(NUMBER_KEY), values: fc.tuple(fc.maxSafeInteger(), fc.string()) }),
);

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
  return 'taken';
}

describe('cursors', () => {
  it('decode to the values that were encoded', () => {
    fc.assert(
      fc.property(fc.string(), keys, (list, { shape, values }) => {
        expect(decodeCursor(encodeCursor(list, values), list, shape)).toEqual(values);
      }),
    );
  });

  it('are safe in a URL', () => {
    fc.assert(
      fc.property(fc.string(), keys, (list, { values }) => {
        expect(encodeCursor(list, values)).toMatch(/^[\w-]+$/);
      }),
    );
  });

  it('are unknown to any other list', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), keys, (list, other, { shape, values }) => {
        fc.pre(list !== other);
        expect(codeOf(() => decodeCursor(encodeCursor(list, values), other, shape))).toBe('unknown_cursor');
      }),
    );
  });

  it('are unknown when malformed', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((json) => Buffer.from(json).toString('base64url')),
        ),
        (text) => {
          expect(codeOf(() => decodeCursor(text, 'a list', TEXT_KEY))).toBe('unknown_cursor');
        },
      ),
    );
  });

  it.each([
    ['a number where a text was', encodeCursor('list', [1, 'x']), TEXT_KEY],
    ['a text where a number was', encodeCursor('list', ['x', 'x']), NUMBER_KEY],
    ['one value too few', encodeCursor('list', ['x']), TEXT_KEY],
    ['one value too many', encodeCursor('list', ['x', 'y', 'z']), TEXT_KEY],
    ['no value', encodeCursor('list', []), TEXT_KEY],
  ])('are unknown with %s', (_, cursor, shape) => {
    expect(codeOf(() => decodeCursor(cursor, 'list', shape))).toBe('unknown_cursor');
  });

  it('are valid in one spelling only', () => {
    const cursor = encodeCursor('list', ['a', 'b']);
    for (const other of [`${cursor}=`, `${cursor}\n`, cursor.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))]) {
      expect(codeOf(() => decodeCursor(other, 'list', TEXT_KEY))).toBe('unknown_cursor');
    }
  });

  it('mean the first page when omitted', () => {
    expect(decodeCursor(undefined, 'list', TEXT_KEY)).toBeUndefined();
  });
});
