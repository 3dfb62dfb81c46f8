import type { Readable } from 'node:stream';

/** Stored bytes, named by their hash. */
export interface StoredBlob {
  /** Lower-case hex of the content's sha256: the blob's only name. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** A blob that is longer than its writer allowed; nothing of it is kept. */
export class BlobTooLarge extends Error {
  readonly maxBytes: number;
  constructor(maxBytes: number) {
    super(`The content is longer than ${maxBytes} bytes.`);
    this.name = 'BlobTooLarge';
    this.maxBytes = maxBytes;
  }
}

/** The store of the bytes of primary files. Content-addressed: the same bytes are stored once. */
export interface BlobStore {
  /**
   * Streams the content in, and names it when it is complete and durable. Throws BlobTooLarge past `maxBytes`, and what
   * the source throws; a failed write leaves nothing behind.
   */
  write(source: AsyncIterable<Uint8Array>, options: { maxBytes: number; signal?: AbortSignal }): Promise<StoredBlob>;
  /**
   * Several blobs, one after the other, as one: the parts of an upload. `through` gets every chunk before it is
   * written.
   */
  concat(
    parts: readonly string[],
    options: { maxBytes: number; through?: (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array> },
  ): Promise<StoredBlob & { md5: string }>;
  /**
   * The content from its beginning, or undefined when it does not exist. The caller must read the stream or destroy it.
   */
  read(sha256: string): Promise<{ sizeBytes: number; stream: Readable } | undefined>;
  /** A path that a worker may open for reading, or undefined when the content does not exist. */
  pathOf(sha256: string): Promise<string | undefined>;
  /** Deletes the content, also where it is set aside; no error if it does not exist. */
  remove(sha256: string): Promise<void>;
  /**
   * Moves content aside, as of an instant, out of every list. `read`, `pathOf` and `concat` still find it, and restore
   * it to its place. False: it does not exist.
   */
  setAside(sha256: string, atMs: number): Promise<boolean>;
  /** Restores content that was set aside. False: it is not set aside. */
  takeBack(sha256: string): Promise<boolean>;
  /** Deletes content that is set aside, and nothing that is in its place. */
  discard(sha256: string): Promise<void>;
  /** Content that is set aside, and since when, in no order. */
  listSetAside(): AsyncIterable<StoredBlob & { setAsideAtMs: number }>;
  /** Names of all content, in no order, for a clean-up that compares them with the file rows. */
  list(): AsyncIterable<StoredBlob & { modifiedAtMs: number }>;
}
