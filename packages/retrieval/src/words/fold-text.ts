/** Marks where two parts of one word meet: camelCase, a zero-width space or a zero-width non-joiner. */
export const JOINT = '\u2063';

const ASCII_ONLY = /^[\0-\x7f]*$/;
const ASCII_CAMEL = /[a-z](?=[A-Z])/g;
const ZERO_WIDTH = /[\u200b\u200c]/g;
/**
 * Optional marks above, below or inside a letter: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowels,
 * hamza marks and tatweel, Syriac points, the Indic nukta; and invisible characters, such as the soft hyphen and
 * direction marks. Vowel signs of Indic, Thai and Khmer script are letters, and stay.
 */
const LEFT_OUT = new RegExp(
  `[${[
    '\\u0300-\\u036f\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f',
    '\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7',
    '\\u0610-\\u061a\\u0640\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e4\\u06e7\\u06e8\\u06ea-\\u06ed\\u08d3-\\u08ff',
    '\\u0711\\u0730-\\u074a',
    '\\u093c\\u09bc\\u0a3c\\u0abc\\u0b3c\\u0cbc',
    '\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200d-\\u200f\\u202a-\\u202e\\u2060-\\u2062',
    '\\u2064-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufff8',
  ].join('')}]|\\udb40[\\udc00-\\udfff]`,
  'g',
);

/** Letters that users type for one another and that no Unicode normalisation unifies. */
const SAME_LETTERS: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ŧ: 't',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ς: 'σ',
  // Arabic and Persian: alef wasla, alef maqsura and Farsi yeh, keheh, teh marbuta and heh goal.
  '\u0671': '\u0627',
  '\u0649': '\u064a',
  '\u06cc': '\u064a',
  '\u06a9': '\u0643',
  '\u0629': '\u0647',
  '\u06c1': '\u0647',
  // Devanagari: candrabindu and anusvara.
  '\u0901': '\u0902',
  '\u2019': "'",
  '\u2010': '-',
  '\u2011': '-',
  '\u05be': '-',
};
const SAME_LETTER = new RegExp(`[${Object.keys(SAME_LETTERS).join('')}]`, 'g');

/**
 * The zeros of digits that count as the ASCII ones; each is followed by its one to nine. Fullwidth ones fold already.
 */
const ZEROS = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040,
  0x17e0, 0x1810,
];
const OTHER_DIGIT = new RegExp(
  `[${ZEROS.map((zero) => `${String.fromCharCode(zero)}-${String.fromCharCode(zero + 9)}`).join('')}]`,
  'g',
);

/**
 * The form in which words are compared: without regard to case, accents and vowel marks, width, ligatures, invisible
 * characters and the script of digits. Applied to queries and texts alike. A JOINT marks where a word has a seam.
 */
export function foldText(text: string): string {
  if (ASCII_ONLY.test(text)) return namedSymbols(text.replace(ASCII_CAMEL, `$&${JOINT}`).toLowerCase());
  const bare = text
    .normalize('NFKD')
    .replace(ZERO_WIDTH, JOINT)
    .replace(LEFT_OUT, '')
    .replace(ASCII_CAMEL, `$&${JOINT}`);
  // Upper case first: it maps ß to ss and the dotless i to the other.
  return namedSymbols(
    bare
      .toUpperCase()
      .toLowerCase()
      .normalize('NFC')
      .replace(SAME_LETTER, (letter) => SAME_LETTERS[letter] ?? letter)
      .replace(OTHER_DIGIT, plainDigit),
  );
}

function plainDigit(digit: string): string {
  const code = digit.charCodeAt(0);
  const zero = ZEROS.find((start) => code >= start && code < start + 10);
  return zero === undefined ? digit : String(code - zero);
}

/** C++ and C# are names of their own, and not the letter C. */
function namedSymbols(folded: string): string {
  if (!folded.includes('#') && !folded.includes('++')) return folded;
  return folded.replace(/([a-z])\+\+/g, '$1plusplus').replace(/([a-z])#(?![a-z0-9])/g, '$1sharp');
}
