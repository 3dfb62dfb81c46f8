import { Tokenizer as ReferenceTokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unigramTokenizer, wordPieceTokenizer } from '../../testing/make-static-model.ts';
import { ModelFolderError } from './model-folder-error.ts';
import { readTokenizer } from './read-tokenizer.ts';

const WORD_PIECES = [
  '[PAD]',
  '[UNK]',
  'the',
  'un',
  '##aff',
  '##able',
  '##a',
  '##b',
  'a',
  'b',
  'ab',
  '##ab',
  'c',
  '##c',
  '!',
  ',',
  '東',
  '京',
  'cafe',
  '##s',
  "'",
];
/** No two ways to split a text have the same score, because implementations break ties differently. */
const UNIGRAMS: [string, number][] = [
  ['<unk>', 0],
  ['\u2581', -2.0007],
  ['\u2581a', -3.0311],
  ['\u2581ab', -3.7021],
  ['a', -2.5017],
  ['b', -2.6043],
  ['c', -4.0109],
  ['ab', -4.1237],
  ['abc', -5.3571],
  ['bc', -4.9713],
  ['ca', -4.6189],
  ['\u2581the', -3.2],
  ['東京', -5],
  ['東', -6],
  ['!', -3.3],
];
const BPE = {
  ...unigramTokenizer([]),
  normalizer: null,
  pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'Removed', invert: false },
  model: {
    type: 'BPE',
    unk_token: '<unk>',
    fuse_unk: false,
    byte_fallback: false,
    vocab: Object.fromEntries(['<unk>', 'a', 'b', 'c', 'ab', 'abc', 'bc', 'ca', 'cab'].map((token, id) => [token, id])),
    merges: ['a b', 'b c', 'ab c', 'c a', 'c ab'],
  },
};

const anyWord = fc.oneof(
  fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 10 }).map((chars) => chars.join('')),
  fc.constantFrom('the', 'unaffable', 'Café', 'CAFES', '東京', '東', '!', 'a,b', "b'a", 'z', 'zz', '🌍', 'ﬀ', 'é'),
);
const anyText = fc.array(anyWord, { maxLength: 8 }).map((words) => words.join(' '));

/** The ids of an independent implementation of the same format. */
function reference(json: Record<string, unknown>): (text: string) => number[] {
  const tokenizer = new ReferenceTokenizer(json, {});
  return (text) => tokenizer.encode(text, { add_special_tokens: false }).ids;
}

describe('a tokenizer.json', () => {
  it.each<[string, Record<string, unknown>]>([
    ['WordPiece', wordPieceTokenizer(WORD_PIECES)],
    ['Unigram', unigramTokenizer(UNIGRAMS)],
    ['BPE', BPE],
  ])('gives the same tokens as another implementation: %s', (name, json) => {
    const expected = reference(json);
    const { encode } = readTokenizer(JSON.stringify(json));
    fc.assert(
      fc.property(anyText, (text) => {
        fc.pre(text.trim() !== '');
        // The other one merges adjacent unknown pieces into one token, whatever the file says; none of them counts.
        const known = (ids: readonly number[]) => (name === 'BPE' ? ids.filter((id) => id !== 0) : ids);
        expect(known(encode(text))).toEqual(known(expected(text)));
      }),
    );
  });

  it('uses for WordPiece the longest prefix, and treats a word that cannot be split as unknown', () => {
    const { encode } = readTokenizer(JSON.stringify(wordPieceTokenizer(WORD_PIECES)));
    const tokens = (text: string) => encode(text).map((id) => WORD_PIECES[id]);
    expect(tokens('The unaffable CAFÉS, 東京!')).toEqual([
      'the',
      'un',
      '##aff',
      '##able',
      'cafe',
      '##s',
      ',',
      '東',
      '京',
      '!',
    ]);
    expect(tokens('abz a')).toEqual(['[UNK]', 'a']);
    expect(tokens('')).toEqual([]);
    expect(encode('a'.repeat(101))).toEqual([1]);
  });

  it('uses for Unigram the split with the greatest sum of scores', () => {
    const { encode } = readTokenizer(JSON.stringify(unigramTokenizer(UNIGRAMS)));
    const scoreOf = new Map(UNIGRAMS);
    const best = (text: string): number => {
      if (text === '') return 0;
      let found = Number.NEGATIVE_INFINITY;
      for (let to = 1; to <= text.length; to += 1) {
        const score = scoreOf.get(text.slice(0, to));
        if (score !== undefined) found = Math.max(found, score + best(text.slice(to)));
      }
      return found;
    };
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 9 }), (chars) => {
        const word = chars.join('');
        const rows = encode(word).map((id): [string, number] => UNIGRAMS[id] ?? ['', 0]);
        expect(rows.map(([token]) => token).join('')).toBe(`\u2581${word}`);
        expect(rows.reduce((sum, [, score]) => sum + score, 0)).toBeCloseTo(best(`\u2581${word}`), 9);
      }),
    );
  });

  it('gives for Unigram adjacent unknown characters one token, or their bytes if it has those', () => {
    const { encode } = readTokenizer(JSON.stringify(unigramTokenizer(UNIGRAMS)));
    expect(encode('azz')).toEqual([2, 0]);
    const bytes = Array.from({ length: 256 }, (_, byte): [string, number] => [
      `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
      -9,
    ]);
    const json = unigramTokenizer([...UNIGRAMS, ...bytes]);
    Object.assign(json.model as object, { byte_fallback: true });
    expect(readTokenizer(JSON.stringify(json)).encode('aé')).toEqual([
      2,
      UNIGRAMS.length + 0xc3,
      UNIGRAMS.length + 0xa9,
    ]);
  });

  it('gives the same tokens where a text must not be split at spaces', () => {
    const whole = unigramTokenizer(UNIGRAMS);
    const unsplit = {
      ...whole,
      pre_tokenizer: { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'always', split: false },
    };
    const [split, joined] = [readTokenizer(JSON.stringify(whole)), readTokenizer(JSON.stringify(unsplit))];
    fc.assert(
      fc.property(anyText, (text) => {
        expect(joined.encode(text)).toEqual(split.encode(text));
      }),
    );
  });

  it('is read in bounded time however long a word is', () => {
    for (const json of [wordPieceTokenizer(WORD_PIECES), unigramTokenizer(UNIGRAMS), BPE]) {
      const { encode } = readTokenizer(JSON.stringify(json));
      expect(encode('abcab'.repeat(20_000)).length).toBeGreaterThan(0);
    }
  });

  const good = wordPieceTokenizer(WORD_PIECES);
  const model = good.model as Record<string, unknown>;
  it.each<[string, string, RegExp]>([
    ['no JSON', '{', /is not JSON/],
    ['a list', '[]', /not an object/],
    ['no model', JSON.stringify({ ...good, model: undefined }), /model is not an object/],
    ['a model that is not known', JSON.stringify({ ...good, model: { type: 'Neural' } }), /'Neural'/],
    ['no vocabulary', JSON.stringify({ ...good, model: { ...model, vocab: null } }), /no vocabulary/],
    ['an empty vocabulary', JSON.stringify({ ...good, model: { ...model, vocab: {} } }), /empty vocabulary/],
    ['an id below 0', JSON.stringify({ ...good, model: { ...model, vocab: { a: -1 } } }), /an invalid id/],
    ['an id that is a text', JSON.stringify({ ...good, model: { ...model, vocab: { a: 'x' } } }), /an invalid id/],
    ['a row of another form', JSON.stringify({ ...good, model: { type: 'Unigram', vocab: [['a']] } }), /row 0/],
    [
      'a merge of another form',
      JSON.stringify({ ...good, model: { type: 'BPE', vocab: { a: 0 }, merges: [7] } }),
      /merge 0/,
    ],
    ['a normalizer that is not known', JSON.stringify({ ...good, normalizer: { type: 'Magic' } }), /'Magic'/],
    ['a pre-tokenizer that is not known', JSON.stringify({ ...good, pre_tokenizer: { type: 'Knife' } }), /'Knife'/],
    [
      'an invalid pattern',
      JSON.stringify({ ...good, pre_tokenizer: { type: 'Split', pattern: { Regex: '(' }, behavior: 'Isolated' } }),
      /not supported/,
    ],
  ])('is rejected with a sentence when it has %s', (_, json, message) => {
    expect(() => readTokenizer(json)).toThrow(ModelFolderError);
    expect(() => readTokenizer(json)).toThrow(message);
  });
});
