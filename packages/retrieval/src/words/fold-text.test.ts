import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText } from './fold-text.ts';

describe('foldText', () => {
  it.each([
    ['case', 'CAFE', 'cafe'],
    ['Latin accents, composed and not', 'e\u0301t\u00e9', 'ete'],
    ['sharp s', 'Straße', 'STRASSE'],
    ['the dotted and the dotless i of Turkish', 'İSTANBUL ısı', 'istanbul isi'],
    ['the final sigma of Greek, and accents', 'ΟΔΟΣ', 'οδός'],
    ['full width', 'ＡＢＣ１２３', 'abc123'],
    ['half-width kana', 'ｶﾞｲﾄﾞ', 'ガイド'],
    ['ligatures', 'oﬃce', 'office'],
    ['letters with a stroke and joined letters', 'Łódź œuvre Ærø', 'lodz oeuvre aero'],
    ['soft hyphens', 'Donau\u00addampf', 'donaudampf'],
    ['marks of direction and joiners', '\u200eabc\u2060\ufeffdef\u200d', 'abcdef'],
    ['Hebrew points', 'הַחְזָרַת', 'החזרת'],
    ['Arabic vowels and tatweel', 'البِضَاعَةِ كـــتاب', 'البضاعه كتاب'],
    ['forms of alef, and of yeh and keheh between Persian and Arabic', 'إآأٱ کی', 'اااا كي'],
    ['digits of other scripts', '٣٠ ۳۰ ३० ๓๐', '30 30 30 30'],
    ['the nukta of Devanagari', 'क़लम', 'कलम'],
    ['typographic apostrophes and hyphens', 'it’s e‑mail', "it's e-mail"],
    ['names with symbols', 'C++ and C#', 'cplusplus and csharp'],
  ])('removes differences of %s', (_, text, same) => {
    expect(foldText(text)).toBe(foldText(same));
  });

  it.each([
    ['vowel signs of Devanagari', 'दिन', 'दन'],
    ['vowel signs of Thai', 'กี่', 'กา'],
    ['voiced kana', 'ガ', 'カ'],
  ])('keeps %s', (_, text, other) => {
    expect(foldText(text)).not.toBe(foldText(other));
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text));
      }),
    );
  });
});
