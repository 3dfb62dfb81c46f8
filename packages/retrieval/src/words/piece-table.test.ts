import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../testing/any-text.ts';
import { createPieceTable } from './piece-table.ts';

describe('a piece table', () => {
  it('visits the pieces between the white space of any text, in order, also known ones', () => {
    const table = createPieceTable((piece) => piece);
    const text = fc.oneof(
      anyText(80),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\ud83d') }),
    );
    fc.assert(
      fc.property(text, (given) => {
        const expected = given.split(/\s+/).filter((piece) => piece !== '');
        expect(table.piecesOf(given)).toEqual(expected);
        expect(table.piecesOf(given)).toEqual(expected);
      }),
    );
  });

  it('splits at every character that a regular expression treats as white space, and at no other', () => {
    const table = createPieceTable((piece) => piece);
    for (let unit = 0; unit < 0x10000; unit += 1) {
      const text = `a${String.fromCharCode(unit)}b`;
      expect(table.piecesOf(text).length, `U+${unit.toString(16)}`).toBe(/\s/.test(text) ? 2 : 1);
    }
  });

  it('distinguishes more pieces than it caches', () => {
    const table = createPieceTable((piece) => piece);
    const pieces = Array.from({ length: 120_000 }, (_, index) => `w${index}`);
    expect(table.piecesOf(pieces.join(' '))).toEqual(pieces);
    expect(table.piecesOf('w0 w119999 w0')).toEqual(['w0', 'w119999', 'w0']);
  });

  it('computes the value of a piece once, until it is cleared', () => {
    const made: string[] = [];
    const table = createPieceTable((piece) => made.push(piece));
    table.piecesOf('one two one');
    expect(made).toEqual(['one', 'two']);
    table.clear();
    table.piecesOf('one');
    expect(made).toEqual(['one', 'two', 'one']);
  });

  it('finds the same pieces in overlapping texts, like the chunks of a document, wherever they are split', () => {
    const document = fc
      .array(fc.oneof(fc.constantFrom('a', 'bc', ' ', '  ', '\n', 'x'.repeat(40), '世界'), anyText(8)), {
        minLength: 40,
        maxLength: 200,
      })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(document, fc.integer({ min: 65, max: 200 }), fc.integer({ min: 1, max: 64 }), (text, units, step) => {
        const table = createPieceTable((piece) => piece);
        for (let start = 0; start < text.length; start += step) {
          const chunk = text.slice(start, start + units);
          expect(table.piecesOf(chunk)).toEqual(chunk.split(/\s+/).filter((piece) => piece !== ''));
        }
      }),
    );
  });
});
