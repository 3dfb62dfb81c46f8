import { describe, expect, it } from 'vitest';
import { jsonPart } from './json-part.ts';
import { readNormalizer } from './normalizer.ts';
import { readPreTokenizer } from './pre-tokenizer.ts';

const split = (json: unknown, text: string) => readPreTokenizer(jsonPart(json, 'pre_tokenizer'))(text);
const normalised = (json: unknown, text: string) => readNormalizer(jsonPart(json, 'normalizer'))(text);

describe('pre-tokenizers', () => {
  it.each<[Record<string, unknown>, string, string[]]>([
    [{ type: 'BertPreTokenizer' }, " It's 5€, ok. ", ['It', "'", 's', '5€', ',', 'ok', '.']],
    [{ type: 'Whitespace' }, "It's 5 %!", ['It', "'", 's', '5', '%!']],
    [{ type: 'WhitespaceSplit' }, ' a  b-c ', ['a', 'b-c']],
    [{ type: 'Punctuation', behavior: 'Isolated' }, 'a,b', ['a', ',', 'b']],
    [{ type: 'Digits', individual_digits: true }, 'a12', ['a', '1', '2']],
    [{ type: 'Digits', individual_digits: false }, 'a12b', ['a', '12', 'b']],
    [{ type: 'Metaspace', prepend_scheme: 'always' }, 'a b', ['\u2581a', '\u2581b']],
    [{ type: 'Metaspace', prepend_scheme: 'never' }, 'a b', ['a', '\u2581b']],
    [{ type: 'Metaspace', add_prefix_space: false }, 'a', ['a']],
    [{ type: 'Split', pattern: { String: '-' }, behavior: 'Removed' }, 'a-b--c', ['a', 'b', 'c']],
    [{ type: 'Split', pattern: { String: '-' }, behavior: 'Isolated' }, 'a-b', ['a', '-', 'b']],
    [
      { type: 'Split', pattern: { String: '-' }, behavior: 'MergedWithPrevious' },
      'the-final--countdown',
      ['the-', 'final-', '-', 'countdown'],
    ],
    [
      { type: 'Split', pattern: { String: '-' }, behavior: 'MergedWithNext' },
      'the-final--countdown',
      ['the', '-final', '-', '-countdown'],
    ],
    [
      { type: 'Split', pattern: { String: '-' }, behavior: 'Contiguous' },
      'the-final--countdown',
      ['the', '-', 'final', '--', 'countdown'],
    ],
    [{ type: 'Split', pattern: { Regex: '\\w+' }, behavior: 'Removed', invert: true }, 'a, b', ['a', 'b']],
    [{ type: 'ByteLevel', add_prefix_space: true }, 'hé go', ['ĠhÃ©', 'Ġgo']],
    [
      { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Punctuation' }] },
      'a,b c',
      ['a', ',', 'b', 'c'],
    ],
  ])('splits with %j: %j', (json, text, pieces) => {
    expect(split(json, text)).toEqual(pieces);
    expect(split(json, '')).toEqual([]);
  });
});

describe('normalizers', () => {
  it.each<[Record<string, unknown>, string, string]>([
    [
      { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
      'Ａ\u0000É\t東',
      'ａe  東 ',
    ],
    [
      {
        type: 'BertNormalizer',
        clean_text: false,
        handle_chinese_chars: false,
        strip_accents: false,
        lowercase: false,
      },
      'É東',
      'É東',
    ],
    [{ type: 'NFKC' }, 'ﬁ', 'fi'],
    [{ type: 'Lowercase' }, 'ÀB', 'àb'],
    [{ type: 'StripAccents' }, 'e\u0301', 'e'],
    [{ type: 'Strip', strip_left: true, strip_right: false }, ' a ', 'a '],
    [{ type: 'Prepend', prepend: '\u2581' }, 'a', '\u2581a'],
    [{ type: 'Prepend', prepend: '\u2581' }, '', ''],
    [{ type: 'Replace', pattern: { String: '.' }, content: '$&' }, 'a.b', 'a$&b'],
    [{ type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' }, 'a   b', 'a b'],
    [{ type: 'Precompiled', precompiled_charsmap: '' }, 'Ａ\u3000ﬁ\u0007', 'A fi'],
    [{ type: 'Nmt' }, 'a\u200bＡ', 'a Ａ'],
    [{ type: 'Sequence', normalizers: [{ type: 'Lowercase' }, { type: 'NFKC' }] }, 'Ａ', 'a'],
  ])('normalises with %j: %j', (json, text, expected) => {
    expect(normalised(json, text)).toBe(expected);
  });
});
