import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createFakeEmbedder } from '../testing/fake-embedder.ts';
import { createMemoryEmbeddingCache } from '../testing/memory-embedding-cache.ts';
import { createCachingEmbedder } from './caching-embedder.ts';
import type { EmbeddingCache } from './embedding-cache.ts';
import { openSqliteEmbeddingCache } from './sqlite-embedding-cache.ts';

const document = { purpose: 'document' } as const;
const keyOf = (at: number): string => at.toString(16).padStart(64, '0');
const MIB = 2 ** 20;

async function tempPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cache-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'embedding-cache.db');
}

function openAt(path: string, maxBytes = MIB): EmbeddingCache {
  const cache = openSqliteEmbeddingCache({ path, maxBytes });
  onTestFinished(() => cache.close());
  return cache;
}

describe.each([
  ['in memory', async () => createMemoryEmbeddingCache()],
  ['in a file', async () => openAt(await tempPath())],
] as const)('a cache %s', (_, open) => {
  let cache: EmbeddingCache;
  beforeEach(async () => {
    cache = await open();
  });

  it('returns what was stored, by model and key', async () => {
    const vector = Float32Array.of(0.6, -0.8);
    await cache.putMany('a', [{ key: keyOf(1), vector }]);
    await cache.putMany('a', [{ key: keyOf(1), vector }]);
    expect(await cache.getMany('a', [keyOf(2), keyOf(1), keyOf(1)])).toEqual([undefined, vector, vector]);
    expect(await cache.getMany('b', [keyOf(1)])).toEqual([undefined]);
    expect(await cache.getMany('a', [])).toEqual([]);
  });

  it('does not embed a known text again', async () => {
    const inner = createFakeEmbedder();
    const embedder = createCachingEmbedder(inner, cache);
    const plain = await createFakeEmbedder().embed(['a', 'b', 'c'], document);
    await embedder.embed(['a', 'b', 'a'], document);
    expect(await embedder.embed(['a', 'b', 'c'], document)).toEqual(plain);
    await embedder.embed(['b'], { purpose: 'query' });
    await embedder.embed(['c', 'a'], document);
    expect(inner.calls).toEqual([['a', 'b'], ['c'], ['b']]);
  });

  it('stores nothing of a call that failed', async () => {
    const inner = createFakeEmbedder();
    inner.onCall = () => {
      throw new Error('no network');
    };
    const embedder = createCachingEmbedder(inner, cache);
    await expect(embedder.embed(['a'], document)).rejects.toThrow('no network');
    inner.onCall = undefined;
    await embedder.embed(['a'], document);
    expect(inner.calls).toEqual([['a'], ['a']]);
  });

  it('separates models', async () => {
    const one = createFakeEmbedder({ name: 'one' });
    const two = createFakeEmbedder({ name: 'two' });
    await createCachingEmbedder(one, cache).embed(['a'], document);
    await createCachingEmbedder(two, cache).embed(['a'], document);
    expect([one.calls, two.calls]).toEqual([[['a']], [['a']]]);
  });
});

describe('openSqliteEmbeddingCache', () => {
  it('keeps vectors over a restart', async () => {
    const path = await tempPath();
    const first = openSqliteEmbeddingCache({ path, maxBytes: MIB });
    await first.putMany('a', [{ key: keyOf(1), vector: Float32Array.of(1, 2, 3) }]);
    await first.close();
    expect(await openAt(path).getMany('a', [keyOf(1)])).toEqual([Float32Array.of(1, 2, 3)]);
  });

  it('stays within its size, and removes the oldest first', async () => {
    const path = await tempPath();
    const cache = openAt(path);
    const rows = 6_000;
    for (let at = 0; at < rows; at += 100) {
      const entries = Array.from({ length: 100 }, (_, of) => ({
        key: keyOf(at + of),
        vector: new Float32Array(384).fill(at + of),
      }));
      await cache.putMany('a', entries);
    }
    const kept = await cache.getMany(
      'a',
      Array.from({ length: rows }, (_, at) => keyOf(at)),
    );
    const firstKept = kept.findIndex((vector) => vector !== undefined);
    expect(firstKept).toBeGreaterThan(rows * 0.8);
    expect(kept.slice(firstKept).every((vector, at) => vector?.[0] === firstKept + at)).toBe(true);
    expect((await stat(path)).size).toBeLessThan(1.5 * MIB);
  });

  it('starts empty when its file is damaged', async () => {
    const path = await tempPath();
    await writeFile(path, 'this is no database, whatever its name says '.repeat(100));
    const cache = openAt(path);
    await cache.putMany('a', [{ key: keyOf(1), vector: Float32Array.of(1) }]);
    expect(await cache.getMany('a', [keyOf(1)])).toEqual([Float32Array.of(1)]);
  });
});
