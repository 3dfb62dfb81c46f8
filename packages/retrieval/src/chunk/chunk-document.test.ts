import { describe, expect, it } from 'vitest';
import { chunkDocument, FILE_TOKENS_MAX, TooManyTokens } from './chunk-document.ts';
import { InvalidChunkingStrategy, resolveChunkingStrategy } from './resolve-chunking-strategy.ts';

const one = (text: string) => ({ mimeType: 'text/plain', sections: [{ text, page: null }] });
const auto = resolveChunkingStrategy({ type: 'auto' });

describe('chunkDocument', () => {
  it('makes one chunk of a short text and none of an empty one', () => {
    expect(chunkDocument(one('hello world'), auto)).toEqual([
      { ordinal: 0, text: 'hello world', tokenCount: 2, startOffset: 0, endOffset: 11, page: null, line: 1 },
    ]);
    expect(chunkDocument(one(''), auto)).toEqual([]);
    expect(chunkDocument({ mimeType: 'text/plain', sections: [] }, auto)).toEqual([]);
  });

  it('begins each window 400 tokens before the last one ended, and stops at the one that reaches the end', () => {
    const at = (count: number) =>
      chunkDocument(one(' word'.repeat(count)), auto).map((chunk) => [chunk.startOffset / 5, chunk.endOffset / 5]);
    expect(at(800)).toEqual([[0, 800]]);
    expect(at(801)).toEqual([
      [0, 800],
      [400, 801],
    ]);
    expect(at(1200)).toEqual([
      [0, 800],
      [400, 1200],
    ]);
    expect(at(1201)).toEqual([
      [0, 800],
      [400, 1200],
      [800, 1201],
    ]);
  });

  it('rejects one token more than a file may have, and no fewer', () => {
    const allowed = { fileTokensMax: 1000 };
    expect(chunkDocument(one(' word'.repeat(1000)), auto, allowed)).toHaveLength(2);
    expect(() => chunkDocument(one(' word'.repeat(1001)), auto, allowed)).toThrow(TooManyTokens);
    expect(FILE_TOKENS_MAX).toBe(5_000_000);
  });
});

describe('resolveChunkingStrategy', () => {
  it('uses 800 and 400 for auto, and by default', () => {
    for (const requested of [{ type: 'auto' } as const, null, undefined]) {
      expect(resolveChunkingStrategy(requested)).toEqual({ maxTokens: 800, overlapTokens: 400 });
    }
  });

  it.each([
    [100, 0],
    [100, 50],
    [4096, 2048],
    [801, 400],
  ])('accepts %i and %i', (maxTokens, overlapTokens) => {
    const requested = { type: 'static', maxTokens, overlapTokens } as const;
    expect(resolveChunkingStrategy(requested)).toEqual({ maxTokens, overlapTokens });
  });

  it.each([
    [99, 0, 'max_chunk_size_tokens'],
    [4097, 0, 'max_chunk_size_tokens'],
    [800.5, 0, 'max_chunk_size_tokens'],
    [Number.NaN, 0, 'max_chunk_size_tokens'],
    [100, 51, 'chunk_overlap_tokens'],
    [801, 401, 'chunk_overlap_tokens'],
    [800, -1, 'chunk_overlap_tokens'],
    [800, 1.5, 'chunk_overlap_tokens'],
  ])('rejects %d and %d because of the %s', (maxTokens, overlapTokens, field) => {
    const resolve = () => resolveChunkingStrategy({ type: 'static', maxTokens, overlapTokens });
    expect(resolve).toThrow(InvalidChunkingStrategy);
    expect(resolve).toThrow(expect.objectContaining({ field }));
  });
});
