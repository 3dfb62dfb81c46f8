import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../testing/any-text.ts';
import { createLexicalEmbedder, lexicalVector } from './lexical-embedder.ts';
import { visitWords1 } from './lexical-features-1.ts';

const similarity = (a: string, b: string): number => {
  const other = lexicalVector(b);
  return lexicalVector(a).reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
};

describe('the lexical embedder', () => {
  it('reports its model', () => {
    expect(createLexicalEmbedder().model).toMatchObject({ kind: 'lexical', name: 'lexical-384', dimensions: 384 });
  });

  it.each([1, 2] as const)('makes the same vectors in version %i as when its fingerprint was fixed', (version) => {
    const texts = ['The quick brown fox', 'Émigré Straße', '日本語の検索', '', '42 !?'];
    const bytes = texts.map((text) =>
      Buffer.from(Int8Array.from(lexicalVector(text, version), (value) => Math.round(value * 100)).buffer),
    );
    const digest = createHash('sha256').update(Buffer.concat(bytes)).digest('hex').slice(0, 16);
    const { fingerprint } = createLexicalEmbedder(version).model;
    expect({ fingerprint, digest }).toEqual(
      {
        1: { fingerprint: 'e7d85308d10eb8382947cd429ba164a9', digest: '4c9bba2cfb24725d' },
        2: { fingerprint: '5f2bdfdf60e2093aea316d118701c6c2', digest: 'a980f557b1334368' },
      }[version],
    );
  });

  it('always returns a unit vector, and the same one for the same text', () => {
    fc.assert(
      fc.property(anyText(60), (text) => {
        const vector = lexicalVector(text);
        expect(Math.abs(Math.hypot(...vector) - 1)).toBeLessThan(1e-5);
        expect(lexicalVector(text)).toEqual(vector);
      }),
    );
    for (const blank of ['', ' \n\t']) expect(lexicalVector(blank)).toEqual(lexicalVector(''));
  });

  it('brings texts close that share words, and other forms of them', () => {
    const query = 'How do I reset my password?';
    expect(similarity(query, 'Resetting a forgotten password is done in the settings.')).toBeGreaterThan(0.3);
    expect(similarity(query, 'Quarterly revenue grew by twelve percent.')).toBeLessThan(0.15);
    expect(similarity('refund', 'refunds')).toBeGreaterThan(0.3);
    expect(similarity('日本語の検索', '日本語で検索する方法')).toBeGreaterThan(0.3);
  });

  it('ignores case, accents, width and composition', () => {
    for (const [a, b] of [
      ['CAFÉ', 'cafe'],
      ['Straße', 'STRASSE'],
      ['ｆｕｌｌ ｗｉｄｔｈ', 'full width'],
      ['e\u0301t\u00e9', 'été'],
      ['ΟΔΟΣ', 'οδος'],
    ] as const) {
      expect(similarity(a, b)).toBeCloseTo(1, 5);
    }
  });

  it('reads a word in version 1 the same in plain text and beside an umlaut', () => {
    const wordsOf = (text: string) => {
      const words: string[] = [];
      visitWords1(text, (word) => words.push(word));
      return words;
    };
    expect(wordsOf('fox_2, fox! Über')).toEqual([...wordsOf('fox_2, fox!'), 'uber']);
    expect(wordsOf('fox fox')).toEqual(['fox', 'fox']);
  });

  it('returns the same vector for a text whatever came before it', () => {
    const alone = lexicalVector('one word, twice one');
    lexicalVector('one one one other words');
    expect(lexicalVector('one word, twice one')).toEqual(alone);
  });

  it('yields to the event loop, and stops when it is aborted', async () => {
    const controller = new AbortController();
    const embedded = createLexicalEmbedder().embed(
      Array.from({ length: 1000 }, () => 'text'),
      {
        purpose: 'document',
        signal: controller.signal,
      },
    );
    setImmediate(() => controller.abort(new Error('enough')));
    await expect(embedded).rejects.toThrow('enough');
  });
});
