import fc from 'fast-check';
import { encode, countTokens as referenceCount } from 'gpt-tokenizer/encoding/cl100k_base';
import { CL100K_TOKEN_SPLIT_REGEX } from 'gpt-tokenizer/encodingParams/constants';
import { describe, expect, it } from 'vitest';
import { anyText } from '../testing/any-text.ts';
import { PIECE_UNITS_MAX, splitWindows } from './split-pieces.ts';
import { countTokens, NO_BOUNDARY, tokenEnds } from './tokenizer.ts';

function splitPieces(text: string, windowUnits?: number): string[] {
  return [...splitWindows(text, windowUnits)].flatMap(({ text: window, ends }) =>
    ends.map((end, at) => window.slice(ends[at - 1] ?? 0, end)),
  );
}

const words = fc
  .array(
    fc.constantFrom(
      'the',
      ' quick',
      "don't",
      ' ',
      '  ',
      '\n',
      '\r\n',
      '\t',
      '1234567',
      '…',
      ' émigré',
      '日本語',
      '👩‍👩‍👧',
      '=',
      '{"a":1}',
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('the tokenizer', () => {
  it('counts as the library does, wherever its windows end', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 200, max: 400 }), (text, windowUnits) => {
        expect(countTokens(text)).toBe(referenceCount(text));
        const whole = splitPieces(text);
        expect(splitPieces(text, windowUnits)).toEqual(whole);
      }),
    );
  });

  it('splits any text into the pieces of the library’s own pattern', () => {
    const ascii = fc.string({
      unit: fc.constantFrom('a', 'Z', "'", 's', 'l', 've', '7', ' ', '\t', '\n', '\r', '_', '-', '{'),
    });
    fc.assert(
      fc.property(fc.oneof(anyText(80), ascii, fc.string({ unit: 'binary' }), words), (text) => {
        expect(splitPieces(text)).toEqual(text.match(CL100K_TOKEN_SPLIT_REGEX) ?? []);
      }),
    );
    for (let unit = 0; unit < 0x10000; unit += 1) {
      const text = ['a#b', '#b', 'a#', ' #', '1#1', "'#s"].join(' ').replaceAll('#', String.fromCharCode(unit));
      expect(splitPieces(text), `U+${unit.toString(16)}`).toEqual(text.match(CL100K_TOKEN_SPLIT_REGEX));
    }
  });

  it('treats the names of special tokens as text', () => {
    expect(countTokens('<|endoftext|>')).toBe(encode('<|endoftext|>', { disallowedSpecial: new Set() }).length);
    expect(countTokens('<|endoftext|>')).toBeGreaterThan(1);
  });

  it('drops nothing and leaves no piece too long, whatever the text', () => {
    const hostile = fc.array(
      fc.tuple(
        fc.constantFrom(' ', 'a', '\n', '=', '漢', '😀', '\ud800', '7', ' \t'),
        fc.integer({ min: 1, max: 3000 }),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(hostile, fc.integer({ min: 2, max: 5000 }), (runs, windowUnits) => {
        const text = runs.map(([part, count]) => part.repeat(count)).join('');
        const pieces = splitPieces(text, windowUnits);
        expect(pieces.join('')).toBe(text);
        for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(PIECE_UNITS_MAX);
      }),
    );
  });

  it('returns where each token ends, and marks ends within a character', () => {
    expect([...tokenEnds('hello world')]).toEqual([5, 11]);
    const ends = [...tokenEnds('a🫠b')];
    expect(ends.filter((end) => end !== NO_BOUNDARY)).toEqual([1, 3, 4]);
    expect(ends.length).toBeGreaterThan(3);
  });

  it.each(['x', ' ', '\n', '='])('needs no more than the square of a piece for two million of %j', (unit) => {
    // Each piece takes quadratic time: the sum over all pieces is the total work.
    let pieceCount = 0;
    for (const piece of splitPieces(unit.repeat(2_000_000))) pieceCount += piece.length > 0 ? 1 : 0;
    expect(pieceCount).toBeLessThan((2_000_000 / PIECE_UNITS_MAX) * 1.02);
  });
});
