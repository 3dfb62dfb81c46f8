import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type BlobStore, BlobTooLarge } from '../blobs/port.ts';

/** A blob store in memory. Its paths cannot be opened: `memory:` and the name. */
export function createMemoryBlobStore(options: { readonly nowMs?: () => number } = {}): BlobStore {
  const nowMs = options.nowMs ?? (() => 0);
  const blobs = new Map<string, { readonly bytes: Buffer; readonly modifiedAtMs: number }>();

  const aside = new Map<string, { readonly bytes: Buffer; readonly modifiedAtMs: number }>();

  function takeBack(sha256: string): boolean {
    const blob = aside.get(sha256);
    if (blob === undefined) return false;
    aside.delete(sha256);
    blobs.set(sha256, blob);
    return true;
  }

  function find(sha256: string) {
    if (!blobs.has(sha256)) takeBack(sha256);
    return blobs.get(sha256);
  }

  async function collect(source: AsyncIterable<Uint8Array>, maxBytes: number, signal?: AbortSignal): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    let sizeBytes = 0;
    signal?.throwIfAborted();
    for await (const piece of source) {
      signal?.throwIfAborted();
      sizeBytes += piece.byteLength;
      if (sizeBytes > maxBytes) throw new BlobTooLarge(maxBytes);
      pieces.push(Uint8Array.from(piece));
    }
    return Buffer.concat(pieces);
  }

  function keep(bytes: Buffer): { sha256: string; sizeBytes: number } {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    blobs.set(sha256, { bytes, modifiedAtMs: nowMs() });
    return { sha256, sizeBytes: bytes.byteLength };
  }

  async function* bytesOf(parts: readonly string[]): AsyncGenerator<Uint8Array> {
    for (const part of parts) {
      const blob = find(part);
      if (blob === undefined) throw new Error('A part does not exist.');
      yield blob.bytes;
    }
  }

  return {
    write: async (source, { maxBytes, signal }) => keep(await collect(source, maxBytes, signal)),
    async concat(parts, { maxBytes }) {
      const bytes = await collect(bytesOf(parts), maxBytes);
      return { ...keep(bytes), md5: createHash('md5').update(bytes).digest('hex') };
    },
    async read(sha256) {
      const blob = find(sha256);
      if (blob === undefined) return undefined;
      return { sizeBytes: blob.bytes.byteLength, stream: Readable.from([blob.bytes], { objectMode: false }) };
    },
    pathOf: async (sha256) => (find(sha256) !== undefined ? `memory:${sha256}` : undefined),
    async remove(sha256) {
      blobs.delete(sha256);
      aside.delete(sha256);
    },
    async setAside(sha256, atMs) {
      const blob = blobs.get(sha256);
      if (blob === undefined) return false;
      blobs.delete(sha256);
      aside.set(sha256, { ...blob, modifiedAtMs: atMs });
      return true;
    },
    async discard(sha256) {
      aside.delete(sha256);
    },
    takeBack: async (sha256) => takeBack(sha256),
    async *listSetAside() {
      for (const [sha256, { bytes, modifiedAtMs }] of [...aside]) {
        yield { sha256, sizeBytes: bytes.byteLength, setAsideAtMs: modifiedAtMs };
      }
    },
    async *list() {
      for (const [sha256, { bytes, modifiedAtMs }] of [...blobs]) {
        yield { sha256, sizeBytes: bytes.byteLength, modifiedAtMs };
      }
    },
  };
}
