import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, mkdir, open, opendir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { type BlobStore, BlobTooLarge, type StoredBlob } from './port.ts';

export interface DiskBlobStoreOptions {
  /** Created if absent. One process at a time owns it. */
  readonly folder: string;
  /** A name that no other running write has. */
  readonly newTempName: () => string;
}

const SHA256 = /^[0-9a-f]{64}$/;
const TEMP_FOLDER = 'tmp';
/** Inside the folder of the blobs, so that a move is a rename on one file system. */
const ASIDE_FOLDER = 'set-aside';

/**
 * Blobs as files, `ab/cd/abcd…`: two levels keep every folder small. A file gets its name only when it is complete and
 * on disk, so a named file is never partial; unfinished files of a killed process are removed at the next open.
 */
export async function openDiskBlobStore({ folder, newTempName }: DiskBlobStoreOptions): Promise<BlobStore> {
  const tempFolder = join(folder, TEMP_FOLDER);
  const asideFolder = join(folder, ASIDE_FOLDER);
  await rm(tempFolder, { recursive: true, force: true });
  await mkdir(tempFolder, { recursive: true });

  const pathFor = (sha256: string): string | undefined =>
    SHA256.test(sha256) ? join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256) : undefined;

  const asidePathFor = (sha256: string): string | undefined =>
    SHA256.test(sha256) ? join(asideFolder, sha256) : undefined;

  async function takeBack(sha256: string): Promise<boolean> {
    const path = pathFor(sha256);
    const asidePath = asidePathFor(sha256);
    if (path === undefined || asidePath === undefined) return false;
    if ((await sizeOf(asidePath)) === undefined) return false;
    // Another caller restored it at the same moment: it is in its place then.
    return putInPlace(asidePath, path).then(
      () => true,
      async (cause: unknown) => undefinedWhenMissing(cause) ?? (await sizeOf(path)) !== undefined,
    );
  }

  /** The result of `look`; content that was set aside is restored first. */
  async function find<T>(sha256: string, look: (path: string) => Promise<T>): Promise<T | undefined> {
    const path = pathFor(sha256);
    if (path === undefined) return undefined;
    const found = await look(path).catch(undefinedWhenMissing);
    if (found !== undefined) return found;
    return (await takeBack(sha256)) ? look(path).catch(undefinedWhenMissing) : undefined;
  }

  async function write(
    source: AsyncIterable<Uint8Array>,
    options: { maxBytes: number; signal?: AbortSignal },
    alsoHash?: Hash,
  ): Promise<StoredBlob> {
    const tempPath = join(tempFolder, newTempName());
    try {
      const blob = await writeTemp(tempPath, source, options, alsoHash);
      const path = pathFor(blob.sha256);
      if (path === undefined) throw new Error('A sha256 is 64 hex digits.');
      await putInPlace(tempPath, path);
      return blob;
    } finally {
      await rm(tempPath, { force: true });
    }
  }

  async function* partsOf(parts: readonly string[]): AsyncGenerator<Uint8Array> {
    for (const part of parts) {
      const handle = await find(part, open);
      if (handle === undefined) throw new Error('A part does not exist.');
      yield* handle.createReadStream();
    }
  }

  async function sizeOf(path: string | undefined): Promise<number | undefined> {
    if (path === undefined) return undefined;
    return (await stat(path).catch(undefinedWhenMissing))?.size;
  }

  return {
    write: (source, options) => write(source, options),
    async concat(parts, { maxBytes, through = (source) => source }) {
      const md5 = createHash('md5');
      const blob = await write(through(partsOf(parts)), { maxBytes }, md5);
      return { ...blob, md5: md5.digest('hex') };
    },
    async read(sha256) {
      const handle = await find(sha256, open);
      if (handle === undefined) return undefined;
      // The handle is opened here, not when the stream is read, so that a removal in between does not affect the
      // reader.
      return { sizeBytes: (await handle.stat()).size, stream: handle.createReadStream() };
    },
    async pathOf(sha256) {
      return (await find(sha256, stat)) === undefined ? undefined : pathFor(sha256);
    },
    async remove(sha256) {
      const path = pathFor(sha256);
      const asidePath = asidePathFor(sha256);
      if (path !== undefined) await rm(path, { force: true });
      if (asidePath !== undefined) await rm(asidePath, { force: true });
    },
    async setAside(sha256, atMs) {
      const path = pathFor(sha256);
      const asidePath = asidePathFor(sha256);
      if (path === undefined || asidePath === undefined || (await sizeOf(path)) === undefined) return false;
      await mkdir(asideFolder, { recursive: true, mode: 0o700 });
      await rename(path, asidePath);
      await utimes(asidePath, atMs / 1000, atMs / 1000);
      await syncFolder(asideFolder);
      return true;
    },
    takeBack,
    async discard(sha256) {
      const asidePath = asidePathFor(sha256);
      if (asidePath !== undefined) await rm(asidePath, { force: true });
    },
    async *listSetAside() {
      for await (const path of filesUnder(asideFolder, 0)) {
        const found = await stat(path.full).catch(undefinedWhenMissing);
        if (found === undefined || !SHA256.test(path.name)) continue;
        yield { sha256: path.name, sizeBytes: found.size, setAsideAtMs: found.mtimeMs };
      }
    },
    async *list() {
      for await (const path of filesUnder(folder, 2)) {
        const found = await stat(path.full).catch(undefinedWhenMissing);
        if (found === undefined || !SHA256.test(path.name)) continue;
        yield { sha256: path.name, sizeBytes: found.size, modifiedAtMs: found.mtimeMs };
      }
    },
  };
}

/** Streams into a new file and makes it durable. Memory is bounded by one chunk of the source. */
async function writeTemp(
  path: string,
  source: AsyncIterable<Uint8Array>,
  { maxBytes, signal }: { maxBytes: number; signal?: AbortSignal },
  alsoHash: Hash | undefined,
): Promise<StoredBlob> {
  signal?.throwIfAborted();
  const sha256 = createHash('sha256');
  let sizeBytes = 0;
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const piece of abortable(source, signal)) {
      sizeBytes += piece.byteLength;
      if (sizeBytes > maxBytes) throw new BlobTooLarge(maxBytes);
      sha256.update(piece);
      alsoHash?.update(piece);
      await writeWhole(handle, piece);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { sha256: sha256.digest('hex'), sizeBytes };
}

/** Ends at the abort even while the source is silent; the source is told to stop. */
async function* abortable(source: AsyncIterable<Uint8Array>, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  if (signal === undefined) {
    yield* source;
    return;
  }
  const iterator = source[Symbol.asyncIterator]();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  aborted.catch(() => undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  let isEnded = false;
  try {
    while (true) {
      signal.throwIfAborted();
      const step = await Promise.race([iterator.next(), aborted]);
      if (step.done === true) {
        isEnded = true;
        return;
      }
      yield step.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Not awaited: a generator that waits for its next chunk returns only after it.
    if (!isEnded) void iterator.return?.().catch(() => undefined);
  }
}

async function writeWhole(handle: FileHandle, piece: Uint8Array): Promise<void> {
  let offset = 0;
  while (offset < piece.byteLength) offset += (await handle.write(piece, offset)).bytesWritten;
}

/** Renames, and syncs the folders, so that the name survives a power cut as the bytes do. */
async function putInPlace(tempPath: string, path: string): Promise<void> {
  const inner = join(path, '..');
  const outer = join(inner, '..');
  await mkdir(inner, { recursive: true });
  await rename(tempPath, path);
  for (const folder of [inner, outer, join(outer, '..')]) await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function* filesUnder(folder: string, depth: number): AsyncGenerator<{ full: string; name: string }> {
  const entries = await opendir(folder).catch(undefinedWhenMissing);
  if (entries === undefined) return;
  for await (const entry of entries) {
    const full = join(folder, entry.name);
    if (depth === 0) yield { full, name: entry.name };
    else if (/^[0-9a-f]{2}$/.test(entry.name)) yield* filesUnder(full, depth - 1);
  }
}

function undefinedWhenMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
