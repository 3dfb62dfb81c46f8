import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type BlobStore, BlobTooLarge } from '../blobs/port.ts';

/** A blob store that forgets with its process. Its paths cannot be opened: `memory:` and the name. */
export function createMemoryBlobStore(options: { readonly nowMs?: () => number } = {}): BlobStore {
  const nowMs = options.nowMs ?? (() => 0);
  const blobs = new Map<string, { readonly bytes: Buffer; readonly modifiedAtMs: number }>();

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
      const blob = blobs.get(part);
      if (blob === undefined) throw new Error('A part is not there.');
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
      const blob = blobs.get(sha256);
      if (blob === undefined) return undefined;
      return { sizeBytes: blob.bytes.byteLength, stream: Readable.from([blob.bytes], { objectMode: false }) };
    },
    pathOf: async (sha256) => (blobs.has(sha256) ? `memory:${sha256}` : undefined),
    async remove(sha256) {
      blobs.delete(sha256);
    },
    async *list() {
      for (const [sha256, { bytes, modifiedAtMs }] of [...blobs]) {
        yield { sha256, sizeBytes: bytes.byteLength, modifiedAtMs };
      }
    },
  };
}
