import type { AttachmentSnapshot, JsonObject, StoreSnapshot } from '@espejo/core';
import { type ListOptions, UpstreamError } from './port.ts';

/** Upstream understood what it was to do, and will not do it however often it is asked. */
export class UpstreamRefused extends UpstreamError {}

/** A file to be uploaded, as it will be upstream. */
export interface NewUpload {
  readonly filename: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
}

/**
 * The port that brings a store of ours into an upstream project. It can delete nothing, and it edits no store but by the
 * id that it is given. Failures throw `UpstreamError`, and
 * `UpstreamRefused` for what upstream will never take.
 */
export interface UpstreamPublisher {
  /**
   * Creates a store. A request whose answer is lost is not sent again: it may have taken effect, which the caller finds
   * out by the metadata it gave.
   */
  createVectorStore(fields: JsonObject, options?: ListOptions): Promise<StoreSnapshot>;
  updateVectorStore(storeId: string, fields: JsonObject, options?: ListOptions): Promise<StoreSnapshot>;
  /** Begins an upload in parts and answers its id. One that is never completed ends by itself within an hour, and is no file. */
  createUpload(file: NewUpload, options?: ListOptions): Promise<string>;
  /** Adds at most 64 MiB and answers the part's id. */
  addPart(uploadId: string, bytes: Uint8Array<ArrayBuffer>, options?: ListOptions): Promise<string>;
  /** Makes the parts a file and answers its id. Not sent again when its answer is lost: see createVectorStore. */
  completeUpload(uploadId: string, partIds: readonly string[], options?: ListOptions): Promise<string>;
  /** Puts a file into a store; one that is in it already stays. */
  attachFile(
    storeId: string,
    file: { readonly fileId: string; readonly attributes: JsonObject; readonly chunkingStrategy: JsonObject },
    options?: ListOptions,
  ): Promise<AttachmentSnapshot>;
}
