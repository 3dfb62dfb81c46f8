import { AppError } from '@espejo/core';
import { EmbeddingError } from '@espejo/retrieval';
import { describe, expect, it } from 'vitest';
import { StoreStale } from '../store-index/embedders.ts';
import { classifyError } from './classify-error.ts';
import { StaleEmbedding } from './ingest-file.ts';

const judge = (cause: unknown, attempts = 1, fields: { isStopping?: boolean; random?: number } = {}) =>
  classifyError(cause, { attempts, isStopping: fields.isStopping ?? false, random: () => fields.random ?? 0 });

describe('classifying an ingestion error', () => {
  it('retries an error that may pass, with growing delays and jitter', () => {
    const waits = Array.from({ length: 8 }, (_, i) => judge(new Error('trouble'), i + 1).waitMs);
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 120].map((s) => s * 1000));
    expect(judge(new Error('trouble'), 1, { random: 1 }).waitMs).toBe(1250);
    expect(judge(new Error('trouble'))).toMatchObject({ message: null, isCounted: true, isStale: false });
  });

  it('fails the file after nine attempts, without internal details in the message', () => {
    expect(judge(new Error('secret path'), 9).message).toMatch(/after 9 tries\. .*log has the details\.$/);
    const known = new EmbeddingError('unavailable');
    expect(judge(known, 9).message).toContain(known.message);
  });

  it('waits as long as an endpoint asks for, and fails at once when waiting cannot help', () => {
    expect(judge(new EmbeddingError('rate_limited', { retryAfterMs: 9_000 })).waitMs).toBe(9_000);
    expect(judge(new EmbeddingError('unauthorized')).message).toContain('EMBEDDINGS_API_KEY');
  });

  it('does not count attempts that the file did not cause to fail', () => {
    const stop = judge(new Error('stopping'), 9, { isStopping: true });
    expect(stop).toEqual({ message: null, waitMs: 0, isCounted: false, isStale: false });
    expect(judge(new StaleEmbedding(), 9)).toMatchObject({ message: null, isCounted: false, isStale: false });
    expect(judge(new StoreStale('vs_1', 'm'), 9)).toMatchObject({ message: null, isCounted: false, isStale: true });
    expect(judge(new AppError('database_busy', 'Busy.'))).toMatchObject({ message: null, isCounted: true });
  });
});
