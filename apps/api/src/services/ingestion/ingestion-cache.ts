import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Chunk, IndexedChunk } from '@espejo/retrieval';

/** The inputs of chunks and vectors: equal keys give equal chunks. */
export interface DerivedKey {
  readonly tenantId: string;
  readonly sha256: string;
  /** The parser uses the name's extension where the content is ambiguous. */
  readonly extension: string;
  /** The parser setting that changes the extracted text; empty: the default. */
  readonly variant: string;
  readonly maxTokens: number;
  readonly overlapTokens: number;
  readonly fingerprint: string;
}

/** The result for some content: its chunks, and which parts of it could not be read. */
export interface DerivedContent {
  readonly chunks: readonly IndexedChunk[];
  readonly gaps: readonly string[];
}

/** Chunks with their vectors, cached so that equal content of one tenant is parsed and embedded once. */
export interface IngestionCache {
  /** Undefined: missing, or damaged. */
  get(key: DerivedKey): Promise<DerivedContent | undefined>;
  put(key: DerivedKey, content: DerivedContent): Promise<void>;
  /** Removes every entry of some content. */
  forget(tenantId: string, sha256: string): Promise<void>;
  /** Removes least recently used entries until at most this many bytes are left. */
  trim(maxBytes: number): Promise<void>;
}

/** Incremented when parsing or chunking gives other results. */
const FORMAT = 2;

/** One file per entry, written and read in blocks. A damaged entry counts as missing. */
export function createDiskDerivedCache(folder: string): IngestionCache {
  const folderOf = (tenantId: string, sha256: string) => join(folder, encodeURIComponent(tenantId), sha256.slice(0, 2));
  const pathOf = (key: DerivedKey) => {
    const { sha256, extension, variant, maxTokens, overlapTokens, fingerprint } = key;
    const how = [FORMAT, extension, variant, maxTokens, overlapTokens, fingerprint]
      .map((part) => encodeURIComponent(part))
      .join('~');
    return join(folderOf(key.tenantId, sha256), `${sha256}~${how}`);
  };

  async function listAll(): Promise<{ path: string; sizeBytes: number; usedAtMs: number }[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const found = await Promise.all(
      files.map(async (path) => {
        const at = await stat(path).catch(() => undefined);
        return at === undefined ? [] : [{ path, sizeBytes: at.size, usedAtMs: at.mtimeMs }];
      }),
    );
    return found.flat();
  }

  return {
    async get(key) {
      const path = pathOf(key);
      const bytes = await readFile(path).catch(() => undefined);
      const content = bytes === undefined ? undefined : await decode(bytes);
      if (content === undefined) await rm(path, { force: true });
      else {
        const now = new Date();
        await utimes(path, now, now).catch(() => undefined);
      }
      return content;
    },
    async put(key, content) {
      const path = pathOf(key);
      await mkdir(join(path, '..'), { recursive: true });
      const temp = `${path}.${randomUUID()}.tmp`;
      try {
        await writeFile(temp, Readable.from(encode(content)), { mode: 0o600 });
        await rename(temp, path);
      } finally {
        await rm(temp, { force: true });
      }
    },
    async forget(tenantId, sha256) {
      const of = folderOf(tenantId, sha256);
      const names = await readdir(of).catch(() => []);
      const gone = names.filter((name) => name.startsWith(`${sha256}~`));
      await Promise.all(gone.map((name) => rm(join(of, name), { force: true })));
    },
    async trim(maxBytes) {
      const files = (await listAll()).sort((a, b) => a.usedAtMs - b.usedAtMs);
      let sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
      for (const file of files) {
        if (sizeBytes <= maxBytes) return;
        await rm(file.path, { force: true });
        sizeBytes -= file.sizeBytes;
      }
    },
  };
}

/** Chunks per block: the event loop runs between two blocks. */
const PIECE_CHUNKS = 256;
const HEAD_BYTES = 16;
const END_BYTES = 4;

/**
 * First the gaps, then blocks of chunks. Each has a header: lengths of its JSON and its vectors, dimensions, checksum.
 */
function* encode({ chunks, gaps }: DerivedContent): Generator<Buffer> {
  yield frame(Buffer.from(JSON.stringify(gaps)), Buffer.alloc(0), 0);
  for (let at = 0; at < chunks.length; at += PIECE_CHUNKS) {
    const piece = chunks.slice(at, at + PIECE_CHUNKS);
    const words = Buffer.from(JSON.stringify(piece.map(({ vector: _, ...chunk }) => chunk)));
    const vectors = Buffer.concat(
      piece.map(({ vector }) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)),
    );
    yield frame(words, vectors, piece[0]?.vector.length ?? 0);
  }
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(chunks.length, 0);
  yield end;
}

function frame(words: Buffer, vectors: Buffer, dimensions: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(words.length, 0);
  head.writeUInt32LE(vectors.length, 4);
  head.writeUInt32LE(dimensions, 8);
  head.writeUInt32LE(crc32(vectors, crc32(words)), 12);
  return Buffer.concat([head, words, vectors]);
}

async function decode(bytes: Buffer): Promise<DerivedContent | undefined> {
  const endAt = bytes.length - END_BYTES;
  const chunks: IndexedChunk[] = [];
  let gaps: readonly string[] | undefined;
  for (let at = 0; at < endAt; await nextTurn()) {
    if (at + HEAD_BYTES > endAt) return undefined;
    const wordsAt = at + HEAD_BYTES;
    const vectorsAt = wordsAt + bytes.readUInt32LE(at);
    const dimensions = bytes.readUInt32LE(at + 8);
    const checksum = bytes.readUInt32LE(at + 12);
    at = vectorsAt + bytes.readUInt32LE(at + 4);
    if (at > endAt || crc32(bytes.subarray(wordsAt, at)) !== checksum) return undefined;
    const words: unknown = JSON.parse(bytes.subarray(wordsAt, vectorsAt).toString());
    if (gaps === undefined) {
      gaps = words as readonly string[];
      continue;
    }
    const piece = words as readonly Chunk[];
    // Copied into memory that is aligned for 4-byte numbers.
    const numbers = new Float32Array(Uint8Array.from(bytes.subarray(vectorsAt, at)).buffer);
    for (const [i, chunk] of piece.entries()) {
      chunks.push({ ...chunk, vector: numbers.subarray(i * dimensions, (i + 1) * dimensions) });
    }
  }
  const isWhole = gaps !== undefined && bytes.readUInt32LE(endAt) === chunks.length;
  return isWhole ? { chunks, gaps: gaps ?? [] } : undefined;
}
