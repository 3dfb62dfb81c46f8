import { AppError } from '@espejo/core';
import { EmbeddingError } from '@espejo/retrieval';
import { describe, expect, it } from 'vitest';
import { StoreStale } from '../store-index/embedders.ts';
import { classifyError } from './classify-error.ts';
import { StaleEmbedding } from './ingest-file.ts';

const judge = (cause: unknown, attempts = 1, fields: { isStopping?: boolean; random?: number } = {}) =>
  classifyError(cause, { attempts, isStopping: fields.isStopping ?? false, random: () => fields.random ?? 0 });

describe('trouble with a file', () => {
  it('may pass: it is tried again, later each time, and no two at the same time', () => {
    const waits = Array.from({ length: 8 }, (_, i) => judge(new Error('trouble'), i + 1).waitMs);
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 120].map((s) => s * 1000));
    expect(judge(new Error('trouble'), 1, { random: 1 }).waitMs).toBe(1250);
    expect(judge(new Error('trouble'))).toMatchObject({ message: null, isCounted: true, isStale: false });
  });

  it('is believed after nine tries, in words that say nothing of the inside', () => {
    expect(judge(new Error('secret path'), 9).message).toMatch(/after 9 tries\. .*log has the details\.$/);
    const known = new EmbeddingError('unavailable');
    expect(judge(known, 9).message).toContain(known.message);
  });

  it('of an endpoint waits as long as that asks for, and is believed at once when waiting cannot help', () => {
    expect(judge(new EmbeddingError('rate_limited', { retryAfterMs: 9_000 })).waitMs).toBe(9_000);
    expect(judge(new EmbeddingError('unauthorized')).message).toContain('EMBEDDINGS_API_KEY');
  });

  it('that is not of its own making is not one of its tries', () => {
    const stop = judge(new Error('stopping'), 9, { isStopping: true });
    expect(stop).toEqual({ message: null, waitMs: 0, isCounted: false, isStale: false });
    expect(judge(new StaleEmbedding(), 9)).toMatchObject({ message: null, isCounted: false, isStale: false });
    expect(judge(new StoreStale('vs_1', 'm'), 9)).toMatchObject({ message: null, isCounted: false, isStale: true });
    expect(judge(new AppError('database_busy', 'Busy.'))).toMatchObject({ message: null, isCounted: true });
  });
});
