import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Chunk, IndexedChunk } from '@espejo/retrieval';

/** What chunks with their vectors were made of, and how: equal keys, equal chunks. */
export interface DerivedKey {
  readonly tenantId: string;
  readonly sha256: string;
  /** The parser looks at the name's ending where the content leaves a doubt. */
  readonly extension: string;
  readonly maxTokens: number;
  readonly overlapTokens: number;
  readonly fingerprint: string;
}

/** Chunks with their vectors, kept so that equal content of one tenant is parsed and embedded once. */
export interface DerivedCache {
  /** Undefined: not there, or damaged. */
  get(key: DerivedKey): Promise<IndexedChunk[] | undefined>;
  put(key: DerivedKey, chunks: readonly IndexedChunk[]): Promise<void>;
  /** Forgets whatever was made of some content. */
  forget(tenantId: string, sha256: string): Promise<void>;
  /** Forgets what was longest not asked for, until no more than so many bytes are kept. */
  trim(maxBytes: number): Promise<void>;
}

/** Grows when parsing or chunking come to answer differently. */
const FORMAT = 1;

/** One file an entry: header length, checksum, header, vectors. A damaged one is as good as none. */
export function createDiskDerivedCache(folder: string): DerivedCache {
  const folderOf = (tenantId: string, sha256: string) => join(folder, encodeURIComponent(tenantId), sha256.slice(0, 2));
  const pathOf = (key: DerivedKey) => {
    const { sha256, extension, maxTokens, overlapTokens, fingerprint } = key;
    const how = [extension, maxTokens, overlapTokens, fingerprint].map((part) => encodeURIComponent(part)).join('~');
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
      const chunks = bytes === undefined ? undefined : decode(bytes);
      if (chunks === undefined) await rm(path, { force: true });
      else {
        const now = new Date();
        await utimes(path, now, now).catch(() => undefined);
      }
      return chunks;
    },
    async put(key, chunks) {
      const path = pathOf(key);
      await mkdir(join(path, '..'), { recursive: true });
      const temp = `${path}.${randomUUID()}.tmp`;
      try {
        await writeFile(temp, encode(chunks), { mode: 0o600 });
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

const HEAD_BYTES = 12;

function encode(chunks: readonly IndexedChunk[]): Buffer {
  const dimensions = chunks[0]?.vector.length ?? 0;
  const header = Buffer.from(JSON.stringify({ dimensions, chunks: chunks.map(({ vector: _, ...chunk }) => chunk) }));
  const vectors = Buffer.concat(
    chunks.map(({ vector }) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)),
  );
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(FORMAT, 0);
  head.writeUInt32LE(header.length, 4);
  head.writeUInt32LE(crc32(vectors, crc32(header)), 8);
  return Buffer.concat([head, header, vectors]);
}

function decode(bytes: Buffer): IndexedChunk[] | undefined {
  if (bytes.length < HEAD_BYTES || bytes.readUInt32LE(0) !== FORMAT) return undefined;
  const vectorsAt = HEAD_BYTES + bytes.readUInt32LE(4);
  const body = bytes.subarray(HEAD_BYTES);
  if (vectorsAt > bytes.length || crc32(body) !== bytes.readUInt32LE(8)) return undefined;
  const header = JSON.parse(bytes.subarray(HEAD_BYTES, vectorsAt).toString()) as {
    readonly dimensions: number;
    readonly chunks: readonly Chunk[];
  };
  // Copied once into memory that is aligned for numbers of four bytes.
  const numbers = new Float32Array(new Uint8Array(bytes.subarray(vectorsAt)).buffer);
  return header.chunks.map((chunk, at) => ({
    ...chunk,
    vector: numbers.subarray(at * header.dimensions, (at + 1) * header.dimensions),
  }));
}
