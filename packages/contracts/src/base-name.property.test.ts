import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseNameOf, countCharacters } from './base-name.ts';

const hostile = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '../',
      '..\\',
      '/',
      '\\',
      '\0',
      '\r\n',
      '\u0085',
      '\u001b[2J',
      'C:\\',
      '.',
      '..',
      ' ',
      '\ud83d',
      'é',
      '😀',
    ),
  ),
  { maxLength: 12 },
);

describe('the base name of a file', () => {
  it('has no path, no control character and no half character, whatever was given, and is its own base name', () => {
    fc.assert(
      fc.property(hostile, (parts) => {
        const name = baseNameOf(parts.join(''));
        expect(name).not.toMatch(/[/\\]/);
        expect(name).not.toMatch(/\p{Cc}/u);
        expect(name.isWellFormed()).toBe(true);
        expect(['.', '..']).not.toContain(name);
        expect(baseNameOf(name)).toBe(name);
        // It is valid in a header and in a path.
        expect(() => encodeURIComponent(name)).not.toThrow();
      }),
    );
  });

  it('equals the name when that is a base name already', () => {
    const plain = fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => /^[^/\\\p{Cc}\p{Cs}]+$/u.test(name));
    fc.assert(
      fc.property(plain, (name) => {
        fc.pre(name.trim() === name && !/^\.{1,2}$/.test(name));
        expect(baseNameOf(name)).toBe(name);
      }),
    );
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\fakepath\\report.pdf', 'report.pdf'],
    ['\\\\server\\share\\a.txt', 'a.txt'],
    ['a\0.txt', 'a.txt'],
    ['two\r\nlines.txt', 'twolines.txt'],
    ['folder/', ''],
    ['..', ''],
    ['.gitignore', '.gitignore'],
    ['Zürich – Büro 😀.md', 'Zürich – Büro 😀.md'],
  ])('is computed from %j as %j', (given, name) => {
    expect(baseNameOf(given)).toBe(name);
  });
});

it('has its characters counted as users count them', () => {
  expect([countCharacters(''), countCharacters('aé'), countCharacters('😀😀')]).toEqual([0, 2, 2]);
});
