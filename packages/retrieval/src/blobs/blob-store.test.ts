import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMemoryBlobStore } from '../testing/memory-blob-store.ts';
import { describeBlobStore, hash, listed, pieces } from './blob-store.suite.ts';
import { openDiskBlobStore } from './disk-blob-store.ts';
import type { BlobStore } from './port.ts';

describeBlobStore('the memory store', async () => ({
  blobs: createMemoryBlobStore(),
  leftovers: async () => [],
  close: async () => undefined,
}));

describeBlobStore('the disk store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'blobs-'));
  return {
    blobs: await openAt(folder),
    leftovers: () => readdir(join(folder, 'tmp')),
    close: () => rm(folder, { recursive: true, force: true }),
  };
});

function openAt(folder: string): Promise<BlobStore> {
  let last = 0;
  return openDiskBlobStore({ folder, newTempName: () => `write-${++last}` });
}

describe('openDiskBlobStore', () => {
  async function tempFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'blobs-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }

  it('gives a path two folders down to the content, readable by its owner only', async () => {
    const folder = await tempFolder();
    const blobs = await openAt(folder);
    const { sha256 } = await blobs.write(pieces('content'), { maxBytes: 100 });
    const path = join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
    expect(await blobs.pathOf(sha256)).toBe(path);
    expect(await readFile(path, 'utf8')).toBe('content');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('keeps complete content and removes what a killed process was writing', async () => {
    const folder = await tempFolder();
    const { sha256 } = await (await openAt(folder)).write(pieces('whole'), { maxBytes: 100 });
    await writeFile(join(folder, 'tmp', 'write-9'), 'half of someth');
    const blobs = await openAt(folder);
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
    expect((await listed(blobs)).map((blob) => blob.sha256)).toEqual([sha256]);
  });

  it('gives content no name before it is complete', async () => {
    const folder = await tempFolder();
    const blobs = await openAt(folder);
    const seen: (string | undefined)[] = [];
    async function* watched() {
      yield Buffer.from('first ');
      seen.push(await blobs.pathOf(hash('sha256', 'first second')));
      expect(await readdir(join(folder, 'tmp'))).toHaveLength(1);
      yield Buffer.from('second');
    }
    const { sha256 } = await blobs.write(watched(), { maxBytes: 100 });
    expect(seen).toEqual([undefined]);
    expect(await blobs.pathOf(sha256)).toBeDefined();
  });

  it('reads the next chunk of its source only when the last is written, so memory is bounded by one chunk', async () => {
    const blobs = await openAt(await tempFolder());
    const piece = Buffer.alloc(2 ** 20, 7);
    let isOut = 0;
    let outMax = 0;
    const source: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]() {
        let given = 0;
        return {
          async next() {
            isOut = given === 0 ? 0 : isOut - 1;
            if (given === 32) return { done: true, value: undefined };
            given += 1;
            isOut += 1;
            outMax = Math.max(outMax, isOut);
            return { done: false, value: piece };
          },
        };
      },
    };
    expect((await blobs.write(source, { maxBytes: 2 ** 30 })).sizeBytes).toBe(32 * 2 ** 20);
    expect(outMax).toBe(1);
  });

  it('stops at an abort while its source is silent', async () => {
    const folder = await tempFolder();
    const blobs = await openAt(folder);
    const controller = new AbortController();
    async function* silent() {
      yield Buffer.from('first');
      queueMicrotask(() => controller.abort(new Error('cancelled')));
      await new Promise<never>(() => undefined);
    }
    await expect(blobs.write(silent(), { maxBytes: 100, signal: controller.signal })).rejects.toThrow('cancelled');
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });
});
