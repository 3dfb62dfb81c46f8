import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BlobStore, BlobTooLarge, type StoredBlob } from './port.ts';

export interface BlobStoreHarness {
  readonly blobs: BlobStore;
  /** Paths of everything in the store that has no name yet. */
  leftovers(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** What every blob store guarantees. */
export function describeBlobStore(name: string, start: () => Promise<BlobStoreHarness>): void {
  describe(`${name} is a BlobStore`, () => {
    let harness: BlobStoreHarness;
    let blobs: BlobStore;

    beforeEach(async () => {
      harness = await start();
      blobs = harness.blobs;
    });
    afterEach(async () => {
      await harness.close();
    });

    const contentOf = async (sha256: string): Promise<string | undefined> => {
      const found = await blobs.read(sha256);
      return found === undefined ? undefined : (await buffer(found.stream)).toString();
    };
    const names = async (): Promise<string[]> => (await listed(blobs)).map((blob) => blob.sha256).sort();

    it('names content by its sha256, and returns it', async () => {
      const blob = await blobs.write(pieces('hello ', '', 'world'), { maxBytes: 11 });
      expect(blob).toEqual({ sha256: hash('sha256', 'hello world'), sizeBytes: 11 });
      expect(await contentOf(blob.sha256)).toBe('hello world');
      const found = await blobs.read(blob.sha256);
      found?.stream.destroy();
      expect(found?.sizeBytes).toBe(11);
      expect(await blobs.pathOf(blob.sha256)).toContain(blob.sha256);
      expect(await harness.leftovers()).toEqual([]);
    });

    it('keeps empty content', async () => {
      const blob = await blobs.write(pieces(), { maxBytes: 0 });
      expect(blob).toEqual({ sha256: hash('sha256', ''), sizeBytes: 0 });
      expect(await contentOf(blob.sha256)).toBe('');
    });

    it('keeps the same content once, even when written at once', async () => {
      const [first, second] = await Promise.all([
        blobs.write(pieces('a', 'b'), { maxBytes: 10 }),
        blobs.write(pieces('ab'), { maxBytes: 10 }),
      ]);
      expect(first).toEqual(second);
      expect(await names()).toEqual([first.sha256]);
    });

    it('rejects one byte more than allowed, keeps nothing, and stops reading', async () => {
      let given = 0;
      async function* endless() {
        for (;;) {
          given += 1;
          yield Buffer.from('x');
        }
      }
      await expect(blobs.write(endless(), { maxBytes: 3 })).rejects.toThrow(BlobTooLarge);
      expect(given).toBe(4);
      expect(await names()).toEqual([]);
      expect(await harness.leftovers()).toEqual([]);
    });

    it('throws what the source throws, and keeps nothing', async () => {
      async function* broken() {
        yield Buffer.from('half');
        throw new Error('the client left');
      }
      await expect(blobs.write(broken(), { maxBytes: 100 })).rejects.toThrow('the client left');
      expect(await names()).toEqual([]);
      expect(await harness.leftovers()).toEqual([]);
    });

    it('stops at an abort, and keeps nothing', async () => {
      const controller = new AbortController();
      async function* aborted() {
        yield Buffer.from('half');
        controller.abort(new Error('cancelled'));
        yield Buffer.from('other half');
      }
      const { signal } = controller;
      await expect(blobs.write(aborted(), { maxBytes: 100, signal })).rejects.toThrow('cancelled');
      await expect(blobs.write(pieces('x'), { maxBytes: 100, signal })).rejects.toThrow('cancelled');
      expect(await names()).toEqual([]);
      expect(await harness.leftovers()).toEqual([]);
    });

    it('joins parts in their order, with the md5 of the whole', async () => {
      const b = await blobs.write(pieces('bb'), { maxBytes: 10 });
      const a = await blobs.write(pieces('aaa'), { maxBytes: 10 });
      const whole = await blobs.concat([a.sha256, b.sha256, a.sha256], { maxBytes: 8 });
      expect(whole).toEqual({ sha256: hash('sha256', 'aaabbaaa'), sizeBytes: 8, md5: hash('md5', 'aaabbaaa') });
      expect(await contentOf(whole.sha256)).toBe('aaabbaaa');
      expect(await names()).toEqual([a.sha256, b.sha256, whole.sha256].sort());
    });

    it('rejects a concatenation that is too long or lacks a part, and keeps nothing of it', async () => {
      const a = await blobs.write(pieces('aaa'), { maxBytes: 10 });
      await expect(blobs.concat([a.sha256, a.sha256], { maxBytes: 5 })).rejects.toThrow(BlobTooLarge);
      await expect(blobs.concat([a.sha256, hash('sha256', 'never written')], { maxBytes: 50 })).rejects.toThrow();
      expect(await names()).toEqual([a.sha256]);
      expect(await harness.leftovers()).toEqual([]);
    });

    it('finds nothing under a name that was removed, never written, or is invalid', async () => {
      const { sha256 } = await blobs.write(pieces('x'), { maxBytes: 10 });
      await blobs.remove(sha256);
      await blobs.remove(sha256);
      for (const absent of [sha256, hash('sha256', 'never'), '../../etc/passwd', '', sha256.toUpperCase()]) {
        expect(await blobs.read(absent)).toBeUndefined();
        expect(await blobs.pathOf(absent)).toBeUndefined();
        await blobs.remove(absent);
      }
      expect(await names()).toEqual([]);
    });

    it('reads content to the end that is removed meanwhile', async () => {
      const { sha256 } = await blobs.write(pieces('still here'), { maxBytes: 10 });
      const found = await blobs.read(sha256);
      await blobs.remove(sha256);
      expect(found === undefined ? undefined : (await buffer(found.stream)).toString()).toBe('still here');
    });

    it('sets content aside, out of every list, and finds it again when it is read', async () => {
      const write = async (text: string) => (await blobs.write(pieces(text), { maxBytes: 50 })).sha256;
      const [read, path, part, kept] = [
        await write('read'),
        await write('path'),
        await write('part'),
        await write('x'),
      ];
      for (const sha256 of [read, path, part]) expect(await blobs.setAside(sha256, 5_000)).toBe(true);
      expect(await names()).toEqual([kept]);
      const aside = [];
      for await (const { sha256, setAsideAtMs } of blobs.listSetAside()) aside.push([sha256, setAsideAtMs]);
      expect(aside.sort()).toEqual([read, path, part].sort().map((sha256) => [sha256, 5_000]));

      const found = await blobs.read(read);
      expect(found === undefined ? undefined : (await buffer(found.stream)).toString()).toBe('read');
      expect(await blobs.pathOf(path)).toBeDefined();
      const whole = await blobs.concat([part, kept], { maxBytes: 50 });
      expect(await names()).toEqual([read, path, part, kept, whole.sha256].sort());
    });

    it('restores content that was set aside, or deletes it there', async () => {
      const { sha256 } = await blobs.write(pieces('content'), { maxBytes: 50 });
      expect(await blobs.takeBack(sha256)).toBe(false);
      await blobs.setAside(sha256, 1_000);
      expect(await blobs.takeBack(sha256)).toBe(true);
      expect(await names()).toEqual([sha256]);
      await blobs.setAside(sha256, 1_000);
      await blobs.remove(sha256);
      expect(await blobs.takeBack(sha256)).toBe(false);
      expect(await blobs.read(sha256)).toBeUndefined();
      await blobs.write(pieces('content'), { maxBytes: 50 });
      await blobs.setAside(sha256, 1_000);
      await blobs.write(pieces('content'), { maxBytes: 50 });
      await blobs.discard(sha256);
      expect([await names(), await blobs.takeBack(sha256)]).toEqual([[sha256], false]);
      await blobs.remove(sha256);
      for (const absent of [sha256, hash('sha256', 'never'), '../../etc/passwd', ''])
        expect([await blobs.setAside(absent, 1_000), await blobs.takeBack(absent)]).toEqual([false, false]);
    });

    it('lists names and sizes', async () => {
      const written = await Promise.all(['one', 'three'].map((text) => blobs.write(pieces(text), { maxBytes: 10 })));
      const all = await listed(blobs);
      expect(all.map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes }))).toEqual(expect.arrayContaining(written));
      expect(all).toHaveLength(2);
      for (const { modifiedAtMs } of all) expect(Number.isFinite(modifiedAtMs)).toBe(true);
    });
  });
}

export async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

export function hash(algorithm: 'sha256' | 'md5', text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}

export async function listed(blobs: BlobStore): Promise<(StoredBlob & { modifiedAtMs: number })[]> {
  const all = [];
  for await (const blob of blobs.list()) all.push(blob);
  return all;
}
