import type { Readable } from 'node:stream';

/** Bytes at rest, named by what they are. */
export interface StoredBlob {
  /** Lower-case hex of the content's sha256: the blob's only name. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** A blob that would be longer than its writer allowed; nothing of it is kept. */
export class BlobTooLarge extends Error {
  readonly maxBytes: number;
  constructor(maxBytes: number) {
    super(`The content is longer than ${maxBytes} bytes.`);
    this.name = 'BlobTooLarge';
    this.maxBytes = maxBytes;
  }
}

/** Where the bytes of our own files live. Content-addressed: writing the same bytes twice keeps them once. */
export interface BlobStore {
  /**
   * Streams the content in, and names it when it is whole and durable. Throws BlobTooLarge past `maxBytes`, and what the
   * source throws; a write that did not end leaves nothing behind.
   */
  write(source: AsyncIterable<Uint8Array>, options: { maxBytes: number; signal?: AbortSignal }): Promise<StoredBlob>;
  /** Several blobs, one after the other, as one: the parts of an upload. `through` sees every piece before it is written. */
  concat(
    parts: readonly string[],
    options: { maxBytes: number; through?: (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array> },
  ): Promise<StoredBlob & { md5: string }>;
  /** The content from its beginning, or undefined when it is not there. Who asks reads the stream or destroys it. */
  read(sha256: string): Promise<{ sizeBytes: number; stream: Readable } | undefined>;
  /** A path that a worker may open for reading, or undefined when the content is not there. */
  pathOf(sha256: string): Promise<string | undefined>;
  /** Forgets the content, also where it is set aside; to forget what is not there is no error. */
  remove(sha256: string): Promise<void>;
  /**
   * Moves content out of the way, as of an instant, where no list shows it. Whoever asks for it by `read`, `pathOf` or
   * `concat` finds it all the same, and has it back in its place. False: it is not there.
   */
  setAside(sha256: string, atMs: number): Promise<boolean>;
  /** Puts content that was set aside back in its place. False: it is not aside. */
  takeBack(sha256: string): Promise<boolean>;
  /** Forgets what is set aside under a name, and nothing that is in its place. */
  discard(sha256: string): Promise<void>;
  /** What is set aside, and since when, in no order. */
  listSetAside(): AsyncIterable<StoredBlob & { setAsideAtMs: number }>;
  /** Names of everything kept, in no order: what a clean-up compares with the files on record. */
  list(): AsyncIterable<StoredBlob & { modifiedAtMs: number }>;
}
