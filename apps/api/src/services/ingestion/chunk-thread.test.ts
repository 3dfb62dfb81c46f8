import { chunkDocument, type ParsedDocument, TooManyTokens } from '@espejo/retrieval';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createChunkThread } from './chunk-thread.ts';

const document = (text: string): ParsedDocument => ({ mimeType: 'text/plain', sections: [{ text, page: null }] });
const strategy = { maxTokens: 100, overlapTokens: 20 };

function open() {
  const thread = createChunkThread();
  onTestFinished(() => thread.close());
  return thread;
}

describe('the chunking thread', () => {
  it('gives the same chunks as chunking without it, several documents at a time', async () => {
    const thread = open();
    const texts = ['', 'short', 'many words '.repeat(500)];
    const cut = await Promise.all(texts.map((text) => thread.chunk(document(text), strategy)));
    expect(cut).toEqual(texts.map((text) => chunkDocument(document(text), strategy)));
  });

  it('reports a document with too many tokens, and chunks the next one', async () => {
    const thread = open();
    const tooLong = thread.chunk(document('a b '.repeat(2_600_000)), strategy);
    await expect(tooLong).rejects.toBeInstanceOf(TooManyTokens);
    expect(await thread.chunk(document('short'), strategy)).toHaveLength(1);
  });

  it('rejects every waiting caller when it is closed', async () => {
    const thread = open();
    const waiting = thread.chunk(document('words '.repeat(200_000)), strategy);
    const ended = expect(waiting).rejects.toThrow('has ended');
    await thread.close();
    await ended;
  });
});
