import type { AttachmentSnapshot, JsonObject, StoreSnapshot } from '@espejo/core';
import { type ListOptions, UpstreamError } from './port.ts';

/** Upstream understood the request and rejects it, however often it is sent. */
export class UpstreamRefused extends UpstreamError {}

/** A file to be uploaded, with its fields upstream. */
export interface NewUpload {
  readonly filename: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
}

/**
 * The port that publishes a primary store into an upstream project. It can delete nothing, and edits only the store
 * with the given id. Failures throw `UpstreamError`, and `UpstreamRefused` for what upstream will never accept.
 */
export interface UpstreamPublisher {
  /**
   * Creates a store. A request whose response is lost is not sent again: it may have taken effect, which the caller
   * finds out by the metadata.
   */
  createVectorStore(fields: JsonObject, options?: ListOptions): Promise<StoreSnapshot>;
  updateVectorStore(storeId: string, fields: JsonObject, options?: ListOptions): Promise<StoreSnapshot>;
  /**
   * Begins an upload in parts and returns its id. An upload that is not completed expires within an hour, and leaves no
   * file.
   */
  createUpload(file: NewUpload, options?: ListOptions): Promise<string>;
  /** Adds at most 64 MiB and returns the part's id. */
  addPart(uploadId: string, bytes: Uint8Array<ArrayBuffer>, options?: ListOptions): Promise<string>;
  /** Makes a file of the parts and returns its id. Not sent again when the response is lost: see createVectorStore. */
  completeUpload(uploadId: string, partIds: readonly string[], options?: ListOptions): Promise<string>;
  /** Attaches a file to a store; no change if it is attached already. */
  attachFile(
    storeId: string,
    file: { readonly fileId: string; readonly attributes: JsonObject; readonly chunkingStrategy: JsonObject },
    options?: ListOptions,
  ): Promise<AttachmentSnapshot>;
}
