import fc from 'fast-check';

/** Characters that break text searches: quotes, wildcards, operators, cases, composition, other planes, controls. */
const CHARACTERS = [
  ...'abcABC019 "\'%_*?^:()[]{}-+\\/.,~|&#@!\t\n\0',
  ...[
    'é',
    'e\u0301',
    'É',
    'ß',
    'ẞ',
    'İ',
    'ı',
    'Σ',
    'σ',
    'ς',
    'ﬁ',
    'Å',
    'Ω',
    'ñ',
    '中',
    '文',
    'ا',
    'ל',
    '\u200b',
    '\u00a0',
  ],
  ...['😀', '👍🏽', '👨‍👩‍👧', '🇩🇪', '\u{10FFFE}', 'AND', 'NEAR', 'NOT', ' OR '],
];

export const trickyText = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength });

/** A text to search for: a part of one of these, in any case, or something else. */
export function pieceOf(texts: readonly string[]): fc.Arbitrary<string> {
  const anyText = trickyText(5);
  const usable = texts.filter((text) => text !== '');
  if (usable.length === 0) return anyText;
  const piece = fc.tuple(fc.constantFrom(...usable), fc.nat(), fc.integer({ min: 1, max: 6 }), fc.boolean());
  return fc.oneof(
    { weight: 1, arbitrary: anyText },
    {
      weight: 5,
      arbitrary: piece.map(([text, from, length, isUpper]) => {
        const characters = [...text];
        const start = from % characters.length;
        const slice = characters.slice(start, start + length).join('');
        return isUpper ? slice.toUpperCase() : slice;
      }),
    },
  );
}
