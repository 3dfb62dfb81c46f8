import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IndexedChunk } from '@espejo/retrieval';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDiskDerivedCache, type DerivedKey } from './ingestion-cache.ts';

const key = (fields: Partial<DerivedKey> = {}): DerivedKey => ({
  tenantId: 'tenant-a',
  sha256: 'ab'.repeat(32),
  extension: '.txt',
  variant: '',
  maxTokens: 800,
  overlapTokens: 400,
  fingerprint: 'f',
  ...fields,
});

const chunksOf = (count: number): IndexedChunk[] =>
  Array.from({ length: count }, (_, ordinal) => ({
    ordinal,
    text: `Text ${ordinal}: größer, 漢字, \u{1f600}`,
    tokenCount: 3,
    startOffset: ordinal,
    endOffset: ordinal + 3,
    page: ordinal % 2 === 0 ? null : ordinal,
    line: 1,
    vector: Float32Array.of(ordinal, Math.PI, -0, 1e-30),
  }));

const contentOf = (chunks: IndexedChunk[], gaps: string[] = ['Page 3 could not be read.']) => ({ chunks, gaps });

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'espejo-derived-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const paths = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  return { cache: createDiskDerivedCache(folder), paths };
}

describe('the ingestion cache', () => {
  it.each([1, 255, 256, 257, 700])('returns an entry as it was stored: %i chunks', async (count) => {
    const { cache } = open();
    await cache.put(key(), contentOf(chunksOf(count)));
    expect(await cache.get(key())).toEqual(contentOf(chunksOf(count)));
  });

  it('has separate entries per tenant, content, extension, strategy and model', async () => {
    const { cache } = open();
    await cache.put(key(), contentOf(chunksOf(1)));
    const others: Partial<DerivedKey>[] = [
      { tenantId: 'tenant-b' },
      { sha256: 'cd'.repeat(32) },
      { extension: '.md' },
      { variant: 'recognized' },
      { maxTokens: 801 },
      { overlapTokens: 0 },
      { fingerprint: 'g' },
    ];
    for (const other of others) expect(await cache.get(key(other)), JSON.stringify(other)).toBeUndefined();
  });

  it('treats an entry that is damaged anywhere as missing', async () => {
    const { cache, paths } = open();
    await cache.put(key(), contentOf(chunksOf(300)));
    const [path = ''] = paths();
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at += 997) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x41;
      writeFileSync(path, damaged);
      expect(await cache.get(key()), `byte ${at}`).toBeUndefined();
      writeFileSync(path, whole.subarray(0, at));
      expect(await cache.get(key()), `cut at ${at}`).toBeUndefined();
    }
    writeFileSync(path, whole);
    expect((await cache.get(key()))?.chunks).toHaveLength(300);
  });

  it('drops entries with their content, in its tenant only', async () => {
    const { cache, paths } = open();
    await cache.put(key(), contentOf(chunksOf(1)));
    await cache.put(key({ maxTokens: 100 }), contentOf(chunksOf(1)));
    await cache.put(key({ tenantId: 'tenant-b' }), contentOf(chunksOf(1)));
    await cache.forget('tenant-a', key().sha256);
    expect(paths()).toHaveLength(1);
    expect((await cache.get(key({ tenantId: 'tenant-b' })))?.chunks).toHaveLength(1);
  });

  it('evicts the least recently used entries when it is too large', async () => {
    const { cache, paths } = open();
    const names = ['aa', 'bb', 'cc'].map((pair) => pair.repeat(32));
    for (const sha256 of names) await cache.put(key({ sha256 }), contentOf(chunksOf(10)));
    for (const path of paths()) utimesSync(path, 1, 1);
    await cache.get(key({ sha256: names[0] ?? '' }));
    const sizeBytes = readFileSync(paths()[0] ?? '').length;
    await cache.trim(sizeBytes);
    expect((await cache.get(key({ sha256: names[0] ?? '' })))?.chunks).toHaveLength(10);
    expect(paths()).toHaveLength(1);
  });
});
